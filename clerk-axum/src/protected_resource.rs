//! [`ProtectedResourceLayer`] and [`ResourceMetadataLayer`]: the tower layers for axum's body.

use clerk_core::ProtectedResource;
use clerk_tower::{
    authenticate::ClerkService, require_auth::RequireAuthService, resource_metadata::ResourceMetadataService,
};
use tower_layer::Layer;

use crate::{
    body::BodyService,
    layer::{ClerkLayer, RequireAuthLayer},
};

/// Layer that lets in requests with an OAuth access token for a [`ProtectedResource`], for example an MCP server.
///
/// All others get 401 or 403 with a challenge that says where to get a token.
///
/// Handlers behind it take [`Auth<OAuthToken>`](crate::Auth). The metadata that the challenge names is served by a
/// [`ResourceMetadataLayer`]. It is [`clerk_tower::ProtectedResourceLayer`] for axum's body.
///
/// ```no_run
/// use axum::{Router, routing::{get, post}};
/// use clerk_axum::{Auth, Clerk, OAuthToken, ProtectedResource};
/// use clerk_axum::{ProtectedResourceLayer, ResourceMetadataLayer};
///
/// async fn mcp(Auth(token): Auth<OAuthToken>) -> String {
///     format!("on behalf of {}", token.user_id())
/// }
///
/// # fn run() -> Result<(), clerk_axum::ConfigError> {
/// let resource = ProtectedResource::new(&Clerk::from_env()?, "https://api.example.com/mcp")?;
/// let resource = resource.scopes(["notes:read"])?;
/// let protected: Router =
///     Router::new().route("/mcp", post(mcp)).layer(ProtectedResourceLayer::new(&resource));
/// let app = Router::new()
///     .route("/", get(async || "public"))
///     .merge(protected)
///     .layer(ResourceMetadataLayer::new(&resource)); // the last one: the outermost
/// # let _ = app; Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct ProtectedResourceLayer {
    authenticate: ClerkLayer,
    require: RequireAuthLayer,
}

impl ProtectedResourceLayer {
    /// A layer for this resource.
    #[must_use]
    pub fn new(resource: &ProtectedResource) -> Self {
        Self {
            authenticate: ClerkLayer::new(resource.authenticator()),
            require: RequireAuthLayer::new(resource.requirement()),
        }
    }
}

impl<S> Layer<S> for ProtectedResourceLayer {
    type Service = BodyService<ClerkService<BodyService<RequireAuthService<S>>>>;

    fn layer(&self, inner: S) -> Self::Service {
        self.authenticate.layer(self.require.layer(inner))
    }
}

/// Layer that answers requests for the metadata of a [`ProtectedResource`].
///
/// Make it the last `.layer` of the outermost router, because the metadata's paths begin with `/.well-known/`, outside
/// of the resource's own path. With several resources of one origin, each has a layer, and the outermost one answers
/// for the origin. It is [`clerk_tower::ResourceMetadataLayer`] for axum's body.
#[derive(Debug, Clone)]
pub struct ResourceMetadataLayer(clerk_tower::ResourceMetadataLayer);

impl ResourceMetadataLayer {
    /// A layer that answers for this resource.
    #[must_use]
    pub fn new(resource: &ProtectedResource) -> Self {
        Self(clerk_tower::ResourceMetadataLayer::new(resource))
    }
}

impl<S> Layer<S> for ResourceMetadataLayer {
    type Service = BodyService<ResourceMetadataService<S>>;

    fn layer(&self, inner: S) -> Self::Service {
        BodyService(self.0.layer(inner))
    }
}
