//! [`ResourceMetadataLayer`]: answers requests for a protected resource's metadata ([RFC
//! 9728](https://www.rfc-editor.org/rfc/rfc9728)).
//!
//! Clients, such as those of MCP, read there which authorization server has tokens for the resource:
//!
//! ```no_run
//! use clerk_tower::{Clerk, ConfigError, ProtectedResource, ResourceMetadataLayer};
//! use tower::Layer;
//!
//! # fn run<S>(app: S) -> Result<(), ConfigError> {
//! let resource = ProtectedResource::new(&Clerk::from_env()?, "https://api.example.com/mcp")?;
//! // It answers /.well-known/oauth-protected-resource/mcp.
//! let service = ResourceMetadataLayer::new(&resource).layer(app);
//! # let _ = service; Ok(()) }
//! ```

use std::task::{Context, Poll};

use clerk_core::ProtectedResource;
use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use crate::{body::ResponseBody, response_future::ResponseFuture};

/// Layer that answers requests for the metadata of a [`ProtectedResource`].
///
/// Put it around the whole application, because the metadata's paths begin with `/.well-known/`, outside of the
/// resource's own path. With several resources of one origin, each has a layer, and the outermost one answers for the
/// origin.
#[derive(Debug, Clone)]
pub struct ResourceMetadataLayer {
    resource: ProtectedResource,
}

impl ResourceMetadataLayer {
    /// A layer that answers for this resource.
    #[must_use]
    pub fn new(resource: &ProtectedResource) -> Self {
        Self { resource: resource.clone() }
    }
}

impl<S> Layer<S> for ResourceMetadataLayer {
    type Service = ResourceMetadataService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        ResourceMetadataService { inner, resource: self.resource.clone() }
    }
}

/// Service that answers requests for metadata; see [`ResourceMetadataLayer`].
#[derive(Debug, Clone)]
pub struct ResourceMetadataService<S> {
    inner: S,
    resource: ProtectedResource,
}

impl<S, RequestBody, B> Service<Request<RequestBody>> for ResourceMetadataService<S>
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
        match self.resource.metadata_response(request.method().as_str(), request.uri().path()) {
            Some(response) => ResponseFuture::respond(response, None),
            None => ResponseFuture::call(self.inner.call(request)),
        }
    }
}
