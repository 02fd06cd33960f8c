//! A protected resource, such as an MCP server: who is let in, and where clients learn how to get a token.

use std::future::{Ready, ready};

use actix_web::{
    Error, HttpRequest, HttpResponse, Resource,
    body::EitherBody,
    dev::{Service, ServiceRequest, ServiceResponse, Transform},
    web,
};
use clerk_core::ProtectedResource;

use crate::{
    answer::answer,
    authenticate::{ClerkMiddleware, ClerkService},
    require::{RequireAuth, RequireService},
};

/// Middleware that lets in requests with an OAuth access token for a [`ProtectedResource`], an MCP server for example,
/// and tells all others where to get one: 401 and 403 with a challenge.
///
/// It is a [`ClerkMiddleware`] with the resource's [authenticator](ProtectedResource::authenticator) around a
/// [`RequireAuth`] with its [requirement](ProtectedResource::requirement): handlers behind it take
/// [`Auth<OAuthToken>`](crate::Auth). The metadata that the challenge names is served by [`resource_metadata`].
///
/// ```no_run
/// use actix_web::{App, HttpServer, web};
/// use clerk_actix::{Auth, Clerk, OAuthToken, ProtectedResource, ProtectedResourceMiddleware, resource_metadata};
///
/// async fn mcp(Auth(token): Auth<OAuthToken>) -> String {
///     format!("on behalf of {}", token.user_id())
/// }
///
/// # fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let resource = ProtectedResource::new(&Clerk::from_env()?, "https://api.example.com/mcp")?.scopes(["notes:read"])?;
/// let app = move || {
///     let mcp = web::resource("/mcp").wrap(ProtectedResourceMiddleware::new(&resource)).route(web::post().to(mcp));
///     App::new().service(resource_metadata(&resource)).service(mcp)
/// };
/// # let _ = HttpServer::new(app); Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct ProtectedResourceMiddleware {
    authenticate: ClerkMiddleware,
    require: RequireAuth,
}

impl ProtectedResourceMiddleware {
    /// A middleware around this resource.
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
    type Transform = ClerkService<RequireService<S>>;
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

/// The routes of the metadata of a [`ProtectedResource`], for the `App` itself: its paths begin with `/.well-known/`,
/// outside of the resource's own. Of several resources of one origin each has such routes, and the first one answers for
/// the origin.
///
/// ```
/// use clerk_actix::{ProtectedResource, resource_metadata};
///
/// fn routes(config: &mut actix_web::web::ServiceConfig, resource: &ProtectedResource) {
///     config.service(resource_metadata(resource));
/// }
/// ```
#[must_use]
pub fn resource_metadata(resource: &ProtectedResource) -> Resource {
    let paths = resource.metadata_paths();
    let resource = resource.clone();
    web::resource(paths).to(move |request: HttpRequest| {
        let whole = resource.metadata_response(request.method().as_str(), request.path());
        ready(whole.map_or_else(|| HttpResponse::NotFound().finish(), |whole| answer(&whole)))
    })
}
