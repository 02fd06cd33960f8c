//! [`ResponseFuture`]: the inner service's response, or a middleware's own.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use actix_web::{
    Error,
    body::{BoxBody, EitherBody},
    dev::ServiceResponse,
};
use pin_project_lite::pin_project;

pin_project! {
    /// Response future of the services that answer some requests themselves:
    /// [`RequireAuthService`](crate::require_auth::RequireAuthService) and
    /// [`ResourceMetadataService`](crate::protected_resource::ResourceMetadataService).
    #[derive(Debug)]
    pub struct ResponseFuture<F> {
        #[pin]
        state: State<F>,
    }
}

pin_project! {
    #[derive(Debug)]
    #[project = StateProjection]
    enum State<F> {
        Calling { #[pin] future: F },
        Responded { response: Option<ServiceResponse<BoxBody>> },
    }
}

impl<F> ResponseFuture<F> {
    pub(crate) const fn call(future: F) -> Self {
        Self { state: State::Calling { future } }
    }

    pub(crate) const fn respond(response: ServiceResponse<BoxBody>) -> Self {
        Self { state: State::Responded { response: Some(response) } }
    }
}

impl<F, B> Future for ResponseFuture<F>
where
    F: Future<Output = Result<ServiceResponse<B>, Error>>,
{
    type Output = Result<ServiceResponse<EitherBody<B>>, Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().state.project() {
            StateProjection::Calling { future } => {
                Poll::Ready(ready!(future.poll(context)).map(ServiceResponse::map_into_left_body))
            }
            StateProjection::Responded { response } => match response.take() {
                Some(response) => Poll::Ready(Ok(response.map_into_right_body())),
                None => Poll::Pending,
            },
        }
    }
}
