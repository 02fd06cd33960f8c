//! [`ResponseFuture`]: the inner service's response, or a layer's own.

use std::{
    future::Future,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll, ready},
};

use clerk_core::{Denied, HttpResponse};
use http::Response;
use pin_project_lite::pin_project;

use crate::{
    answer::{answer, refused},
    body::{AnswerBody, Wrapped},
};

pin_project! {
    /// Response future of the layers that answer some requests themselves: [`RequireLayer`](crate::RequireLayer) and
    /// [`ResourceMetadataLayer`](crate::ResourceMetadataLayer).
    #[derive(Debug)]
    pub struct ResponseFuture<F, M = Wrapped> {
        #[pin]
        state: State<F>,
        body: PhantomData<fn() -> M>,
    }
}

pin_project! {
    #[derive(Debug)]
    #[project = StateProjection]
    enum State<F> {
        Calling { #[pin] future: F },
        Answered { answer: HttpResponse, denied: Option<Denied> },
    }
}

impl<F, M> ResponseFuture<F, M> {
    pub(crate) const fn calling(future: F) -> Self {
        Self { state: State::Calling { future }, body: PhantomData }
    }

    /// The layer's own answer; a refusal's goes with what it refuses.
    pub(crate) const fn answered(answer: HttpResponse, denied: Option<Denied>) -> Self {
        Self { state: State::Answered { answer, denied }, body: PhantomData }
    }
}

impl<F, M, B, E> Future for ResponseFuture<F, M>
where
    F: Future<Output = Result<Response<B>, E>>,
    M: AnswerBody<B>,
{
    type Output = Result<Response<M::Body>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(match self.project().state.project() {
            StateProjection::Calling { future } => {
                ready!(future.poll(context)).map(|response| response.map(M::service))
            }
            StateProjection::Answered { answer: whole, denied: None } => Ok(answer::<B, M>(whole)),
            StateProjection::Answered { answer: whole, denied: Some(denied) } => {
                Ok(refused(denied, whole, M::refusal(whole.body().to_owned().into())))
            }
        })
    }
}
