//! [`ResourceMetadataLayer`]: answers requests for a protected resource's metadata.

use std::{
    marker::PhantomData,
    task::{Context, Poll},
};

use clerk_core::ProtectedResource;
use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    body::{AnswerBody, Same, Wrapped},
    response_future::ResponseFuture,
};

/// Layer that answers requests for the metadata of a [`ProtectedResource`], and leaves all others alone.
///
/// It goes around the whole application: the metadata's paths begin with `/.well-known/`, outside of the resource's own.
/// Of several resources of one origin each has a layer, and the outermost one answers for the origin.
pub struct ResourceMetadataLayer<M = Wrapped> {
    resource: ProtectedResource,
    body: PhantomData<fn() -> M>,
}

impl ResourceMetadataLayer {
    /// A layer that answers for this resource.
    #[must_use]
    pub fn new(resource: &ProtectedResource) -> Self {
        Self { resource: resource.clone(), body: PhantomData }
    }

    /// The same layer for services whose bodies can be made of a `String`: theirs stays the type of the response's body.
    #[must_use]
    pub fn same_body(self) -> ResourceMetadataLayer<Same> {
        ResourceMetadataLayer { resource: self.resource, body: PhantomData }
    }
}

impl<M> Clone for ResourceMetadataLayer<M> {
    fn clone(&self) -> Self {
        Self { resource: self.resource.clone(), body: PhantomData }
    }
}

impl<M> std::fmt::Debug for ResourceMetadataLayer<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResourceMetadataLayer").field("resource", &self.resource).finish()
    }
}

impl<S, M> Layer<S> for ResourceMetadataLayer<M> {
    type Service = ResourceMetadataService<S, M>;

    fn layer(&self, inner: S) -> Self::Service {
        ResourceMetadataService { inner, resource: self.resource.clone(), body: PhantomData }
    }
}

/// Middleware that answers requests for metadata; see [`ResourceMetadataLayer`].
pub struct ResourceMetadataService<S, M = Wrapped> {
    inner: S,
    resource: ProtectedResource,
    body: PhantomData<fn() -> M>,
}

impl<S: Clone, M> Clone for ResourceMetadataService<S, M> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), resource: self.resource.clone(), body: PhantomData }
    }
}

impl<S, M> std::fmt::Debug for ResourceMetadataService<S, M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResourceMetadataService").field("resource", &self.resource).finish_non_exhaustive()
    }
}

impl<S, M, RequestBody, B> Service<Request<RequestBody>> for ResourceMetadataService<S, M>
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
        match self.resource.metadata_response(request.method().as_str(), request.uri().path()) {
            Some(answer) => ResponseFuture::answered(answer, None),
            None => ResponseFuture::calling(self.inner.call(request)),
        }
    }
}
