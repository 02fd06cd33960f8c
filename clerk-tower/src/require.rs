//! [`RequireLayer`]: refuses requests that do not satisfy a policy.

use std::{
    marker::PhantomData,
    sync::Arc,
    task::{Context, Poll},
};

use clerk_core::{Requirement, RequirementFailed};
use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    body::{AnswerBody, Same, Wrapped},
    headers::Headers,
    refusal::auth_state,
    response_future::ResponseFuture,
};

/// Layer that answers 401 to requests that are not signed in and 403 to those that do not satisfy its policy; gRPC calls
/// get `UNAUTHENTICATED` and `PERMISSION_DENIED`.
///
/// It reads what [`ClerkLayer`](crate::ClerkLayer) attached, so that one goes outside of it. Made of a
/// [`Policy`](clerk_core::Policy), or of a [`Requirement`] with further settings.
///
/// ```
/// use clerk_tower::{RequireLayer, core::{Policy, Requirement}};
///
/// let signed_in = RequireLayer::new(Policy::signed_in());
/// let admins = RequireLayer::new(Policy::role("org:admin")?);
/// let from_other_origins = RequireLayer::new(Requirement::new(Policy::signed_in()).allow_preflights());
/// # Ok::<(), clerk_tower::core::ConfigError>(())
/// ```
pub struct RequireLayer<M = Wrapped> {
    requirement: Arc<Requirement>,
    body: PhantomData<fn() -> M>,
}

impl RequireLayer {
    /// A layer that asks for this.
    #[must_use]
    pub fn new(requirement: impl Into<Requirement>) -> Self {
        Self { requirement: Arc::new(requirement.into()), body: PhantomData }
    }

    /// The same layer for services whose bodies can be made of a `String`: theirs stays the type of the response's body.
    #[must_use]
    pub fn same_body(self) -> RequireLayer<Same> {
        RequireLayer { requirement: self.requirement, body: PhantomData }
    }
}

impl<M> Clone for RequireLayer<M> {
    fn clone(&self) -> Self {
        Self { requirement: Arc::clone(&self.requirement), body: PhantomData }
    }
}

impl<M> std::fmt::Debug for RequireLayer<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequireLayer").field("requirement", &self.requirement).finish()
    }
}

impl<S, M> Layer<S> for RequireLayer<M> {
    type Service = RequireService<S, M>;

    fn layer(&self, inner: S) -> Self::Service {
        RequireService { inner, requirement: Arc::clone(&self.requirement), body: PhantomData }
    }
}

/// Middleware that refuses requests; see [`RequireLayer`].
pub struct RequireService<S, M = Wrapped> {
    inner: S,
    requirement: Arc<Requirement>,
    body: PhantomData<fn() -> M>,
}

impl<S: Clone, M> Clone for RequireService<S, M> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), requirement: Arc::clone(&self.requirement), body: PhantomData }
    }
}

impl<S, M> std::fmt::Debug for RequireService<S, M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequireService").field("requirement", &self.requirement).finish_non_exhaustive()
    }
}

fn admit<B>(requirement: &Requirement, request: &Request<B>) -> Result<(), RequirementFailed> {
    let headers = Headers(request.headers());
    requirement.admit(&headers.view(request.method(), request.uri()), auth_state(request.extensions()))
}

impl<S, M, RequestBody, B> Service<Request<RequestBody>> for RequireService<S, M>
where
    S: Service<Request<RequestBody>, Response = Response<B>>,
    M: AnswerBody<B>,
{
    type Response = Response<M::Body>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future, M>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        match admit(&self.requirement, &request) {
            Ok(()) => ResponseFuture::calling(self.inner.call(request)),
            Err(refusal) => ResponseFuture::answered(refusal.answer(), Some(refusal.denied().clone())),
        }
    }
}
