//! [`RequireAuthLayer`]: refuses requests that do not satisfy a policy.
//!
//! ```no_run
//! use clerk_tower::{Clerk, ClerkLayer, ConfigError, Policy, RequireAuthLayer};
//!
//! # fn run<S>(inner: S) -> Result<(), ConfigError> {
//! let service = tower::ServiceBuilder::new()
//!     .layer(ClerkLayer::new(Clerk::from_env()?))
//!     // 401 when signed out, 403 for all but admins.
//!     .layer(RequireAuthLayer::new(Policy::role("org:admin")))
//!     .service(inner);
//! # let _ = service; Ok(()) }
//! ```

use std::{
    sync::Arc,
    task::{Context, Poll},
};

use clerk_core::{
    Policy,
    adapter::{Requirement, RequirementFailed},
};
use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use crate::{body::ResponseBody, headers::Headers, refusal::auth_state, response_future::ResponseFuture};

/// Layer that answers 401 to requests that are not signed in and 403 to those that do not satisfy its policy.
///
/// gRPC calls get `UNAUTHENTICATED` and `PERMISSION_DENIED`. Put it inside of a [`ClerkLayer`](crate::ClerkLayer),
/// whose state it reads. It is built from a [`Policy`], or from a [`Requirement`] with more settings.
///
/// ```
/// use clerk_tower::{RequireAuthLayer, clerk_core::{Policy, adapter::Requirement}};
///
/// let signed_in = RequireAuthLayer::default();
/// let admins = RequireAuthLayer::new(Policy::role("org:admin"));
/// let requirement = Requirement::new(Policy::signed_in()).allow_preflights();
/// let from_other_origins = RequireAuthLayer::new(requirement);
/// # Ok::<(), clerk_tower::clerk_core::ConfigError>(())
/// ```
#[derive(Debug, Clone)]
pub struct RequireAuthLayer {
    requirement: Arc<Requirement>,
}

impl RequireAuthLayer {
    /// A layer with this policy or requirement.
    #[must_use]
    pub fn new(requirement: impl Into<Requirement>) -> Self {
        Self { requirement: Arc::new(requirement.into()) }
    }
}

impl Default for RequireAuthLayer {
    /// Requires any signed-in user.
    fn default() -> Self {
        Self::new(Policy::signed_in())
    }
}

impl<S> Layer<S> for RequireAuthLayer {
    type Service = RequireAuthService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        RequireAuthService { inner, requirement: Arc::clone(&self.requirement) }
    }
}

/// Service that refuses requests; see [`RequireAuthLayer`].
#[derive(Debug, Clone)]
pub struct RequireAuthService<S> {
    inner: S,
    requirement: Arc<Requirement>,
}

impl<S, RequestBody, B> Service<Request<RequestBody>> for RequireAuthService<S>
where
    S: Service<Request<RequestBody>, Response = Response<B>>,
{
    type Response = Response<ResponseBody<B>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        match admit(&self.requirement, &request) {
            Ok(()) => ResponseFuture::call(self.inner.call(request)),
            Err(refusal) => ResponseFuture::respond(refusal.response(), Some(refusal.denied().clone())),
        }
    }
}

fn admit<B>(requirement: &Requirement, request: &Request<B>) -> Result<(), RequirementFailed> {
    let headers = Headers(request.headers());
    requirement.admit(&headers.view(request.method(), request.uri()), auth_state(request.extensions()))
}
