//! [`ResponseFuture`]: future of the inner service's response or of a layer's own.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use clerk_core::{Denied, adapter::HttpResponse};
use http::Response;
use pin_project_lite::pin_project;

use crate::{
    body::ResponseBody,
    response::{refuse, to_http},
};

pin_project! {
    /// Response future of [`RequireAuthService`](crate::require_auth::RequireAuthService) and
    /// [`ResourceMetadataService`](crate::resource_metadata::ResourceMetadataService).
    #[derive(Debug)]
    pub struct ResponseFuture<F> {
        #[pin]
        state: State<F>,
    }
}

impl<F> ResponseFuture<F> {
    pub(crate) const fn call(future: F) -> Self {
        Self { state: State::Calling { future } }
    }

    /// The layer's own response, with the refusal if it is one.
    pub(crate) const fn respond(response: HttpResponse, denied: Option<Denied>) -> Self {
        Self { state: State::Responded { response, denied } }
    }
}

impl<F, B, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
{
    type Output = Result<Response<ResponseBody<B>>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(match self.project().state.project() {
            StateProjection::Calling { future } => {
                ready!(future.poll(context)).map(|response| response.map(ResponseBody::from_service))
            }
            StateProjection::Responded { response, denied: None } => Ok(to_http(response)),
            StateProjection::Responded { response, denied: Some(denied) } => {
                Ok(refuse(denied, response, ResponseBody::from_text(response.body().to_owned().into())))
            }
        })
    }
}

pin_project! {
    #[derive(Debug)]
    #[project = StateProjection]
    enum State<F> {
        Calling { #[pin] future: F },
        Responded { response: HttpResponse, denied: Option<Denied> },
    }
}
