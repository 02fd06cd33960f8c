//! [`RequireLayer`]: refuses requests that do not satisfy a policy.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use clerk_core::{Denied, Policy};
use http::{Extensions, Request, Response};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    body::ResponseBody,
    refusal::{auth_state, response},
};

/// Layer that answers 401 to requests that are not signed in and 403 to those that do not satisfy its policy.
///
/// It reads what [`ClerkLayer`](crate::ClerkLayer) attached, so that one goes outside of it.
///
/// ```
/// use clerk_tower::{RequireLayer, core::Policy};
///
/// let signed_in = RequireLayer::new(Policy::signed_in());
/// let admins = RequireLayer::new(Policy::role("org:admin")?);
/// # Ok::<(), clerk_tower::core::ConfigError>(())
/// ```
#[derive(Debug, Clone)]
pub struct RequireLayer {
    policy: Arc<Policy>,
}

impl RequireLayer {
    /// A layer that asks for this policy.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Self { policy: Arc::new(policy) }
    }
}

impl<S> Layer<S> for RequireLayer {
    type Service = RequireService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        RequireService { inner, policy: Arc::clone(&self.policy) }
    }
}

/// Middleware that refuses requests; see [`RequireLayer`].
#[derive(Debug, Clone)]
pub struct RequireService<S> {
    inner: S,
    policy: Arc<Policy>,
}

fn admit(extensions: &Extensions, policy: &Policy) -> Result<(), Denied> {
    auth_state(extensions)?.require(policy).map(|_| ())
}

impl<S, RequestBody, B> Service<Request<RequestBody>> for RequireService<S>
where
    S: Service<Request<RequestBody>, Response = Response<B>>,
{
    type Response = Response<ResponseBody<B>>;
    type Error = S::Error;
    type Future = RequireFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        RequireFuture {
            state: match admit(request.extensions(), &self.policy) {
                Ok(()) => State::Calling { future: self.inner.call(request) },
                Err(denied) => State::Refused { denied },
            },
        }
    }
}

pin_project! {
    /// Response future of [`RequireService`].
    #[derive(Debug)]
    pub struct RequireFuture<F> {
        #[pin]
        state: State<F>,
    }
}

pin_project! {
    #[derive(Debug)]
    #[project = StateProjection]
    enum State<F> {
        Calling { #[pin] future: F },
        Refused { denied: Denied },
    }
}

impl<F, B, E> Future for RequireFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
{
    type Output = Result<Response<ResponseBody<B>>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(match self.project().state.project() {
            StateProjection::Calling { future } => {
                ready!(future.poll(context)).map(|response| response.map(ResponseBody::service))
            }
            StateProjection::Refused { denied } => Ok(response(denied, ResponseBody::refusal(denied.body()))),
        })
    }
}
