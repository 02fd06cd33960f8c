//! Clerk's Frontend API under a path of the app: [`frontend_api_proxy`], and all of [clerk-proxy](clerk_proxy).
//!
//! For browsers that cannot reach [Clerk's domains](https://clerk.com/docs/guides/dashboard/dns-domains/proxy-fapi).
//!
//! ```no_run
//! use actix_web::{App, HttpServer, web};
//! use clerk_actix::{Auth, Clerk, ClerkMiddleware, UserId};
//! use clerk_actix::proxy::{FrontendApiProxy, TrustedPeers, frontend_api_proxy};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! // CLERK_PROXY_URL=https://app.example.com/__clerk, as proxyUrl in the front end
//! let clerk = Clerk::from_env()?;
//! let peers = TrustedPeers::addresses(["10.0.0.0/8"])?;
//! let proxy = FrontendApiProxy::new(&clerk)?.trusted_peers(peers);
//! let app = move || {
//!     let mine = web::scope("")
//!         .wrap(ClerkMiddleware::new(clerk.clone()))
//!         .route("/me", web::get().to(async |Auth(user): Auth<UserId>| user.to_string()));
//!     App::new().service(frontend_api_proxy(proxy.clone())).service(mine)
//! };
//! HttpServer::new(app).h1_allow_half_closed(false).bind("127.0.0.1:3000")?.run().await?;
//! # Ok(()) }
//! ```
//!
//! Its scope is beside that of the middleware: a user who is signing in has no session yet. Bodies stream both ways.
//! `X-Forwarded-*` headers are read only from the trusted peers; default: none, so Clerk sees each connection's own address.
//! With `h1_allow_half_closed(false)` actix notices immediately when a browser closes the connection, otherwise only when
//! it sends the next data.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    HttpRequest, HttpResponse, Scope,
    body::{BodySize, MessageBody},
    dev::Payload,
    http::{
        Method, StatusCode,
        header::{HeaderName, HeaderValue},
    },
    web,
};
use bytes::Bytes;
pub use clerk_proxy::*;
use futures_core::Stream;

use crate::{headers::Headers, upload::Upload};

/// Scope that forwards requests at the [proxy's path](FrontendApiProxy::path) to Clerk's Frontend API.
///
/// Mount it outside of [`ClerkMiddleware`](crate::ClerkMiddleware): Clerk authenticates these requests itself. Build
/// the [`FrontendApiProxy`] once, outside of the closure that actix calls for each worker.
/// The [module](self) has an example.
#[must_use]
pub fn frontend_api_proxy(proxy: FrontendApiProxy) -> Scope {
    let path = proxy.path().to_owned();
    web::scope(&path).default_service(web::to(move |request: HttpRequest, payload: web::Payload| {
        let proxy = proxy.clone();
        async move { forward(&proxy, &request, payload.into_inner()).await }
    }))
}

async fn forward(proxy: &FrontendApiProxy, request: &HttpRequest, payload: Payload) -> HttpResponse<ProxyResponseBody> {
    let uri = request.uri();
    let headers = Headers(request.headers());
    let scheme = if request.app_config().secure() { "https" } else { "http" };
    let view = headers.view(request.method(), uri).with_scheme(uri.scheme_str().unwrap_or(scheme));
    let proxied = ProxyRequest::new(view).with_peer(request.peer_addr().map(|peer| peer.ip()));
    match proxy.forward(&proxied, Upload::spawn(payload)).await {
        // An empty sized body would set `Content-Length: 0`, which is wrong for HEAD.
        Ok(response) if request.method() == Method::HEAD => to_actix(response).set_body(ProxyResponseBody::None),
        Ok(response) => to_actix(response),
        Err(error) => to_error_response(&error),
    }
}

fn to_actix(proxied: ProxyResponse) -> HttpResponse<ProxyResponseBody> {
    let status = StatusCode::from_u16(proxied.status()).unwrap_or(StatusCode::BAD_GATEWAY);
    let mut response = HttpResponse::with_body(status, ());
    for (name, value) in proxied.headers() {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response.set_body(ProxyResponseBody::Forwarded(proxied.into_body()))
}

fn to_error_response(error: &ProxyError) -> HttpResponse<ProxyResponseBody> {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response =
        HttpResponse::with_body(status, ProxyResponseBody::Text(Bytes::from_static(error.body().as_bytes())));
    for (name, value) in error.headers() {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

/// Body of a response: the upstream's, streamed, or the text of an error.
enum ProxyResponseBody {
    Forwarded(ProxyBody),
    None,
    Text(Bytes),
}

impl MessageBody for ProxyResponseBody {
    type Error = ProxyBodyError;

    fn size(&self) -> BodySize {
        match self {
            Self::Forwarded(body) => body.remaining().map_or(BodySize::Stream, BodySize::Sized),
            Self::None => BodySize::None,
            Self::Text(text) => BodySize::Sized(text.len() as u64),
        }
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, ProxyBodyError>>> {
        match &mut *self {
            Self::Forwarded(body) => Pin::new(body).poll_next(context),
            Self::None => Poll::Ready(None),
            Self::Text(text) => Poll::Ready(Some(std::mem::take(text)).filter(|text| !text.is_empty()).map(Ok)),
        }
    }
}
