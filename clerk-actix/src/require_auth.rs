//! [`RequireAuth`]: refuses requests that do not satisfy a policy.
//!
//! ```no_run
//! use actix_web::{App, web};
//! use clerk_actix::{Clerk, ClerkMiddleware, Policy, RequireAuth};
//!
//! # fn run() -> Result<(), clerk_actix::ConfigError> {
//! let clerk = Clerk::from_env()?;
//! // 401 when signed out, 403 for all but admins.
//! let admins = RequireAuth::new(Policy::role("org:admin"));
//! let admin = web::resource("/admin").wrap(admins).get(async || "only admins see this");
//! // Outside of RequireAuth.
//! let app = App::new().service(admin).wrap(ClerkMiddleware::new(clerk));
//! # let _ = app; Ok(()) }
//! ```

use std::{
    future::{Ready, ready},
    sync::Arc,
    task::{Context, Poll},
};

use actix_web::{
    Error, HttpMessage,
    body::EitherBody,
    dev::{Service, ServiceRequest, ServiceResponse, Transform},
};
use clerk_core::{
    Policy,
    adapter::{Requirement, RequirementFailed},
};

use crate::{
    headers::Headers,
    rejection::{AuthRejection, auth_state},
    response_future::ResponseFuture,
};

/// Middleware that answers 401 to requests that are not signed in and 403 to those that do not satisfy its policy.
///
/// Wrap an `App`, a `Scope` or a `Resource` with it, inside of a [`ClerkMiddleware`](crate::ClerkMiddleware). It is built
/// from a [`Policy`], or from a [`Requirement`] with more settings.
///
/// ```
/// use actix_web::web;
/// use clerk_actix::{Policy, RequireAuth};
///
/// # fn run() -> Result<(), clerk_actix::ConfigError> {
/// let members = web::scope("/members").wrap(RequireAuth::default());
/// let admins = web::scope("/admin").wrap(RequireAuth::new(Policy::role("org:admin")));
/// # let _ = actix_web::App::new().service(members).service(admins); Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct RequireAuth {
    requirement: Arc<Requirement>,
}

impl RequireAuth {
    /// A middleware with this policy or requirement.
    #[must_use]
    pub fn new(requirement: impl Into<Requirement>) -> Self {
        Self { requirement: Arc::new(requirement.into()) }
    }
}

impl Default for RequireAuth {
    /// Requires any signed-in user.
    fn default() -> Self {
        Self::new(Policy::signed_in())
    }
}

impl<S, B> Transform<S, ServiceRequest> for RequireAuth
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Transform = RequireAuthService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(RequireAuthService { inner, requirement: Arc::clone(&self.requirement) }))
    }
}

/// Service that refuses requests; see [`RequireAuth`].
#[derive(Debug)]
pub struct RequireAuthService<S> {
    inner: S,
    requirement: Arc<Requirement>,
}

impl<S, B> Service<ServiceRequest> for RequireAuthService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        match admit(&self.requirement, &request) {
            Ok(()) => ResponseFuture::call(self.inner.call(request)),
            // A response, not an error, so that outer middlewares handle it like any other response.
            Err(refusal) => {
                ResponseFuture::respond(request.error_response(AuthRejection::from(refusal.denied().clone())))
            }
        }
    }
}

fn admit(requirement: &Requirement, request: &ServiceRequest) -> Result<(), RequirementFailed> {
    let headers = Headers(request.headers());
    let extensions = request.extensions();
    requirement.admit(&headers.view(request.method(), request.uri()), auth_state(&extensions))
}

#[cfg(test)]
mod tests {
    use actix_web::{App, test, web};

    use super::*;

    #[actix_web::test]
    async fn an_outer_middleware_finds_the_refusal() {
        let app = App::new().service(web::resource("/").wrap(RequireAuth::default()).to(async || "inside"));
        let app = test::init_service(app).await;
        let response = test::call_service(&app, test::TestRequest::default().to_request()).await;
        let refusal = response.response().error().and_then(|error| error.as_error::<AuthRejection>());
        assert_eq!(refusal.map(|error| error.denied().status()), Some(500), "no middleware is mounted");
    }
}
