//! [`BodyService`]: converts the response bodies of the tower services to axum's body.
//!
//! Only code that names the type of a service needs it:
//!
//! ```
//! use axum::Router;
//! use clerk_axum::{RequireAuthLayer, body::BodyService};
//! use tower::Layer;
//!
//! let service: BodyService<_> = RequireAuthLayer::default().layer(Router::<()>::new());
//! # let _ = service;
//! ```

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum_core::{BoxError, body::Body};
use bytes::Bytes;
use clerk_tower::ResponseBody;
use http::Response;
use pin_project_lite::pin_project;
use tower_service::Service;

/// Service that converts response bodies to axum's body; every layer of this crate uses it. An inner body that is
/// axum's own is not boxed again.
#[derive(Debug, Clone)]
pub struct BodyService<S>(pub(crate) S);

pin_project! {
    /// Response future of [`BodyService`].
    #[derive(Debug)]
    pub struct BodyFuture<F> {
        #[pin]
        inner: F,
    }
}

impl<S, Request, B> Service<Request> for BodyService<S>
where
    S: Service<Request, Response = Response<ResponseBody<B>>>,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = BodyFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        BodyFuture { inner: self.0.call(request) }
    }
}

impl<F, B, E> Future for BodyFuture<F>
where
    F: Future<Output = Result<Response<ResponseBody<B>>, E>>,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Output = Result<Response<Body>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let response = ready!(self.project().inner.poll(context))?;
        Poll::Ready(Ok(response.map(|body| body.into_inner().map_or_else(Body::from, Body::new))))
    }
}
