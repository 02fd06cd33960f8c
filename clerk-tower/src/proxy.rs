//! Clerk's Frontend API under a path of the application: [`FrontendApiProxyService`], and all of
//! [clerk-proxy](clerk_proxy).
//!
//! For browsers that cannot reach [Clerk's domains](https://clerk.com/docs/guides/dashboard/dns-domains/proxy-fapi).
//!
//! ```no_run
//! use clerk_tower::{Clerk, proxy::{FrontendApiProxy, FrontendApiProxyService, TrustedPeers}};
//!
//! // CLERK_PROXY_URL=https://app.example.com/__clerk, as proxyUrl in the front end
//! let clerk = Clerk::from_env()?;
//! let peers = TrustedPeers::addresses(["10.0.0.0/8"])?;
//! let proxy = FrontendApiProxy::new(&clerk)?.trusted_peers(peers);
//! let service = FrontendApiProxyService::new(proxy); // for requests of the path /__clerk
//! # Ok::<(), clerk_tower::ConfigError>(())
//! ```
//!
//! Mount it outside of any [`ClerkLayer`](crate::ClerkLayer): a user who is signing in has no session yet. Bodies stream both
//! ways. `X-Forwarded-*` headers are read only from the trusted peers; default: none.

use std::{
    convert::Infallible,
    fmt,
    future::Future,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
pub use clerk_proxy::*;
use futures_core::Stream;
use http::{Extensions, HeaderName, HeaderValue, Request, Response, StatusCode, Uri};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use tower_service::Service;

use crate::headers::Headers;

/// Service that forwards requests to Clerk's Frontend API; see [`FrontendApiProxy`].
///
/// Mount it outside of any authentication. A router may strip its path or leave it. The peer's address is the
/// [`SocketAddr`] in the request's extensions; [`peer_address`](Self::peer_address) changes that.
///
/// ```no_run
/// use clerk_tower::{Clerk, proxy::{FrontendApiProxy, FrontendApiProxyService}};
///
/// let clerk = Clerk::from_env()?; // CLERK_SECRET_KEY, CLERK_PUBLISHABLE_KEY, CLERK_PROXY_URL
/// let service = FrontendApiProxyService::new(FrontendApiProxy::new(&clerk)?);
/// # Ok::<(), clerk_tower::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct FrontendApiProxyService {
    proxy: FrontendApiProxy,
    peer_address: fn(&Extensions) -> Option<SocketAddr>,
    original_uri: fn(&Extensions) -> Option<&Uri>,
}

impl FrontendApiProxyService {
    /// A service with this proxy.
    #[must_use]
    pub fn new(proxy: FrontendApiProxy) -> Self {
        Self { proxy, peer_address: |extensions| extensions.get().copied(), original_uri: |_| None }
    }

    /// Finds the peer's address in a request's extensions.
    #[must_use]
    pub fn peer_address(mut self, find: fn(&Extensions) -> Option<SocketAddr>) -> Self {
        self.peer_address = find;
        self
    }

    /// Finds the request's original URI in its extensions, if a router strips paths. The proxy checks its path, too.
    #[must_use]
    pub fn original_uri(mut self, find: fn(&Extensions) -> Option<&Uri>) -> Self {
        self.original_uri = find;
        self
    }
}

impl<B> Service<Request<B>> for FrontendApiProxyService
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
{
    type Response = Response<ProxyResponseBody>;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> ResponseFuture {
        let (parts, body) = request.into_parts();
        let headers = Headers(&parts.headers);
        let request = ProxyRequest::new(headers.view(&parts.method, &parts.uri))
            .with_peer((self.peer_address)(&parts.extensions).map(|peer| peer.ip()))
            .with_prefix_maybe_stripped()
            .with_original_path((self.original_uri)(&parts.extensions).map(Uri::path));
        let body = (!body.is_end_stream()).then_some(Chunks { body });
        let response = self.proxy.forward(&request, body);
        ResponseFuture { response: Box::pin(response) }
    }
}

impl fmt::Debug for FrontendApiProxyService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrontendApiProxyService").field("proxy", &self.proxy).finish_non_exhaustive()
    }
}

/// Response future of [`FrontendApiProxyService`].
pub struct ResponseFuture {
    response: Pin<Box<dyn Future<Output = Result<ProxyResponse, ProxyError>> + Send>>,
}

impl Future for ResponseFuture {
    type Output = Result<Response<ProxyResponseBody>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(Ok(match ready!(self.response.as_mut().poll(context)) {
            Ok(response) => to_http(response),
            Err(error) => to_error_response(error),
        }))
    }
}

impl fmt::Debug for ResponseFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

/// Body of a [`FrontendApiProxyService`]'s response: the upstream's, streamed, or the text of an error.
#[derive(Debug)]
pub struct ProxyResponseBody(Inner);

#[derive(Debug)]
enum Inner {
    Forwarded(ProxyBody),
    Text(Option<Bytes>),
}

impl Body for ProxyResponseBody {
    type Data = Bytes;
    type Error = ProxyBodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ProxyBodyError>>> {
        match &mut self.0 {
            Inner::Forwarded(body) => {
                Pin::new(body).poll_next(context).map(|chunk| chunk.map(|chunk| chunk.map(Frame::data)))
            }
            Inner::Text(text) => Poll::Ready(text.take().map(|text| Ok(Frame::data(text)))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.remaining() == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.remaining().map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

impl ProxyResponseBody {
    fn remaining(&self) -> Option<u64> {
        match &self.0 {
            Inner::Forwarded(body) => body.remaining(),
            Inner::Text(text) => Some(text.as_ref().map_or(0, |text| text.len() as u64)),
        }
    }
}

pin_project! {
    /// Stream of a body's data; drops trailers, which are not forwarded.
    struct Chunks<B> {
        #[pin]
        body: B,
    }
}

impl<B: Body<Data = Bytes>> Stream for Chunks<B> {
    type Item = Result<Bytes, B::Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut body = self.project().body;
        loop {
            match ready!(body.as_mut().poll_frame(context)) {
                Some(Ok(frame)) => {
                    if let Ok(chunk) = frame.into_data() {
                        return Poll::Ready(Some(Ok(chunk)));
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

fn to_http(proxied: ProxyResponse) -> Response<ProxyResponseBody> {
    let status = StatusCode::from_u16(proxied.status()).unwrap_or(StatusCode::BAD_GATEWAY);
    let mut response = Response::new(());
    *response.status_mut() = status;
    for (name, value) in proxied.headers() {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response.map(|()| ProxyResponseBody(Inner::Forwarded(proxied.into_body())))
}

/// The error's response. The [`ProxyError`] is put into its extensions, for outer layers that answer in another form.
fn to_error_response(error: ProxyError) -> Response<ProxyResponseBody> {
    let mut response = Response::new(ProxyResponseBody(Inner::Text(Some(Bytes::from_static(error.body().as_bytes())))));
    *response.status_mut() = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in error.headers() {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response.extensions_mut().insert(error);
    response
}
