//! A resource for OAuth clients, such as an MCP server: [`ProtectedResourceMiddleware`] and
//! [`ResourceMetadataMiddleware`].
//!
//! ```no_run
//! use actix_web::{App, web};
//! use clerk_actix::{Auth, Clerk, OAuthToken, ProtectedResource};
//! use clerk_actix::{ProtectedResourceMiddleware, ResourceMetadataMiddleware};
//!
//! async fn mcp(Auth(token): Auth<OAuthToken>) -> String {
//!     format!("on behalf of {}", token.user_id())
//! }
//!
//! # fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let resource = ProtectedResource::new(&Clerk::from_env()?, "https://api.example.com/mcp")?;
//! let mcp = web::resource("/mcp").wrap(ProtectedResourceMiddleware::new(&resource)).post(mcp);
//! // The outermost.
//! let app = App::new().service(mcp).wrap(ResourceMetadataMiddleware::new(&resource));
//! # let _ = app; Ok(()) }
//! ```
//!
//! A client without a token gets 401 with a challenge that names the metadata; the metadata names Clerk, where it gets one.

use std::{
    future::{Ready, ready},
    task::{Context, Poll},
};

use actix_web::{
    Error,
    body::EitherBody,
    dev::{Service, ServiceRequest, ServiceResponse, Transform},
};
use clerk_core::ProtectedResource;

use crate::{
    authenticate::{ClerkMiddleware, ClerkService},
    require_auth::{RequireAuth, RequireAuthService},
    response::to_actix,
    response_future::ResponseFuture,
};

/// Middleware that lets in requests with an OAuth access token for a [`ProtectedResource`], for example an MCP server.
///
/// All others get 401 or 403 with a challenge that says where to get a token.
///
/// It is a [`ClerkMiddleware`] with the resource's [authenticator](ProtectedResource::authenticator) around a
/// [`RequireAuth`] with its [requirement](ProtectedResource::requirement): handlers behind it take
/// [`Auth<OAuthToken>`](crate::Auth). The metadata that the challenge names is served by a
/// [`ResourceMetadataMiddleware`] further out.
///
/// ```no_run
/// use actix_web::{App, HttpServer, web};
/// use clerk_actix::{Auth, Clerk, OAuthToken, ProtectedResource};
/// use clerk_actix::{ProtectedResourceMiddleware, ResourceMetadataMiddleware};
///
/// async fn mcp(Auth(token): Auth<OAuthToken>) -> String {
///     format!("on behalf of {}", token.user_id())
/// }
///
/// # fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let resource = ProtectedResource::new(&Clerk::from_env()?, "https://api.example.com/mcp")?;
/// let resource = resource.scopes(["notes:read"])?;
/// let app = move || {
///     let protect = ProtectedResourceMiddleware::new(&resource);
///     let mcp = web::resource("/mcp").wrap(protect).post(mcp);
///     // The last one: the outermost.
///     App::new().service(mcp).wrap(ResourceMetadataMiddleware::new(&resource))
/// };
/// # let _ = HttpServer::new(app); Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct ProtectedResourceMiddleware {
    authenticate: ClerkMiddleware,
    require: RequireAuth,
}

impl ProtectedResourceMiddleware {
    /// A middleware for this resource.
    #[must_use]
    pub fn new(resource: &ProtectedResource) -> Self {
        Self {
            authenticate: ClerkMiddleware::new(resource.authenticator()),
            require: RequireAuth::new(resource.requirement()),
        }
    }
}

impl<S, B> Transform<S, ServiceRequest> for ProtectedResourceMiddleware
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    type Response = ServiceResponse<EitherBody<EitherBody<B>>>;
    type Error = Error;
    type Transform = ClerkService<RequireAuthService<S>>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        let require = self.require.new_transform(inner).into_inner();
        match require {
            Ok(inner) => self.authenticate.new_transform(inner),
            Err(()) => ready(Err(())),
        }
    }
}

/// Middleware that answers requests for the metadata of a [`ProtectedResource`].
///
/// Wrap the `App` with it, because the metadata's paths begin with `/.well-known/`, outside of the resource's own path. With
/// several resources of one origin, each has such a middleware, and the outermost one answers for the origin.
#[derive(Debug, Clone)]
pub struct ResourceMetadataMiddleware {
    resource: ProtectedResource,
}

impl ResourceMetadataMiddleware {
    /// A middleware that answers for this resource.
    #[must_use]
    pub fn new(resource: &ProtectedResource) -> Self {
        Self { resource: resource.clone() }
    }
}

impl<S, B> Transform<S, ServiceRequest> for ResourceMetadataMiddleware
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Transform = ResourceMetadataService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(ResourceMetadataService { inner, resource: self.resource.clone() }))
    }
}

/// Service that answers requests for metadata; see [`ResourceMetadataMiddleware`].
#[derive(Debug)]
pub struct ResourceMetadataService<S> {
    inner: S,
    resource: ProtectedResource,
}

impl<S, B> Service<ServiceRequest> for ResourceMetadataService<S>
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
        let response = self.resource.metadata_response(request.method().as_str(), request.path());
        match response {
            Some(response) => ResponseFuture::respond(request.into_response(to_actix(&response))),
            None => ResponseFuture::call(self.inner.call(request)),
        }
    }
}
