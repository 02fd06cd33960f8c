//! [`ProtectedResourceLayer`]: refuses requests without an OAuth access token for a resource, such as an MCP server.
//!
//! ```no_run
//! use clerk_tower::{Clerk, ConfigError, ProtectedResource};
//! use clerk_tower::{ProtectedResourceLayer, ResourceMetadataLayer};
//! use tower::ServiceBuilder;
//!
//! # fn run<S: Clone>(mcp: S) -> Result<(), ConfigError> {
//! let resource = ProtectedResource::new(&Clerk::from_env()?, "https://api.example.com/mcp")?;
//! let service = ServiceBuilder::new()
//!     .layer(ResourceMetadataLayer::new(&resource)) // says where a client gets a token
//!     // 401 and 403, with a challenge that names the metadata.
//!     .layer(ProtectedResourceLayer::new(&resource))
//!     .service(mcp);
//! # let _ = service; Ok(()) }
//! ```

use clerk_core::ProtectedResource;
use tower_layer::Layer;

use crate::{
    authenticate::{ClerkLayer, ClerkService},
    require_auth::{RequireAuthLayer, RequireAuthService},
};

/// Layer that lets in requests with an OAuth access token for a [`ProtectedResource`], for example an MCP server.
///
/// All others get 401 or 403 with a challenge that says where to get a token.
///
/// It is a [`ClerkLayer`] with the resource's [authenticator](ProtectedResource::authenticator) around a
/// [`RequireAuthLayer`] with its [requirement](ProtectedResource::requirement), so an
/// [`AuthState`](clerk_core::AuthState) is attached to each request. The metadata that the challenge names is served by
/// a [`ResourceMetadataLayer`](crate::ResourceMetadataLayer) further out.
///
/// ```no_run
/// use clerk_tower::{Clerk, ProtectedResource, ProtectedResourceLayer, ResourceMetadataLayer};
/// use tower_layer::Layer;
///
/// # fn run<S>(mcp: S) -> Result<(), clerk_tower::clerk_core::ConfigError> {
/// let resource = ProtectedResource::new(&Clerk::from_env()?, "https://api.example.com/mcp")?;
/// let service = ProtectedResourceLayer::new(&resource).layer(mcp);
/// let service = ResourceMetadataLayer::new(&resource).layer(service);
/// # let _ = service; Ok(()) }
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
    type Service = ClerkService<RequireAuthService<S>>;

    fn layer(&self, inner: S) -> Self::Service {
        self.authenticate.layer(self.require.layer(inner))
    }
}
