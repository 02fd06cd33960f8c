//! [`ProtectedResourceLayer`]: keeps everybody out of an OAuth resource who has no token for it.

use clerk_core::ProtectedResource;
use tower_layer::Layer;

use crate::{
    authenticate::{ClerkLayer, ClerkService},
    body::{Same, Wrapped},
    require::{RequireLayer, RequireService},
};

/// Layer that lets in requests with an OAuth access token for a [`ProtectedResource`], an MCP server for example, and
/// tells all others where to get one: 401 and 403 with a challenge.
///
/// It is a [`ClerkLayer`] with the resource's [authenticator](ProtectedResource::authenticator) around a [`RequireLayer`]
/// with its [requirement](ProtectedResource::requirement), so an [`AuthState`](clerk_core::AuthState) is attached to each
/// request. The metadata that the challenge names is served by a [`ResourceMetadataLayer`](crate::ResourceMetadataLayer)
/// further out.
///
/// ```no_run
/// use clerk_tower::{ProtectedResourceLayer, ResourceMetadataLayer, core::{Clerk, ProtectedResource}};
/// use tower_layer::Layer;
///
/// # fn run<S>(mcp: S) -> Result<(), clerk_tower::core::ConfigError> {
/// let resource = ProtectedResource::new(&Clerk::from_env()?, "https://api.example.com/mcp")?;
/// let service = ProtectedResourceLayer::new(&resource).layer(mcp);
/// let service = ResourceMetadataLayer::new(&resource).layer(service);
/// # let _ = service; Ok(()) }
/// ```
pub struct ProtectedResourceLayer<M = Wrapped> {
    authenticate: ClerkLayer<M>,
    require: RequireLayer<M>,
}

impl ProtectedResourceLayer {
    /// A layer around this resource.
    #[must_use]
    pub fn new(resource: &ProtectedResource) -> Self {
        Self {
            authenticate: ClerkLayer::new(resource.authenticator()),
            require: RequireLayer::new(resource.requirement()),
        }
    }

    /// The same layer for services whose bodies can be made of a `String`: theirs stays the type of the response's body.
    #[must_use]
    pub fn same_body(self) -> ProtectedResourceLayer<Same> {
        ProtectedResourceLayer { authenticate: self.authenticate.same_body(), require: self.require.same_body() }
    }
}

impl<M> Clone for ProtectedResourceLayer<M> {
    fn clone(&self) -> Self {
        Self { authenticate: self.authenticate.clone(), require: self.require.clone() }
    }
}

impl<M> std::fmt::Debug for ProtectedResourceLayer<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProtectedResourceLayer")
            .field("authenticate", &self.authenticate)
            .field("require", &self.require)
            .finish()
    }
}

impl<S, M> Layer<S> for ProtectedResourceLayer<M> {
    type Service = ClerkService<RequireService<S, M>, M>;

    fn layer(&self, inner: S) -> Self::Service {
        self.authenticate.layer(self.require.layer(inner))
    }
}
