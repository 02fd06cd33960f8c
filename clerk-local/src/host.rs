//! Checks of the `Host` header: the instance answers to loopback names and its public URL only, so that no site on the
//! Internet can reach it through DNS.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{StatusCode, header::HOST},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    loopback::{authority, is_loopback},
    shared::Shared,
};

/// Middleware that answers 421 to requests for any host but a loopback one.
pub(crate) async fn require_loopback(request: Request, next: Next) -> Response {
    if host_header(&request).is_some_and(is_loopback) { next.run(request).await } else { misdirected() }
}

/// The same, but the host of the public URL is allowed, too.
pub(crate) async fn require_own_host(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let public = shared.public_url.as_ref().and_then(authority);
    let is_public = |host: &str| public.as_ref().is_some_and(|public| public.eq_ignore_ascii_case(host));
    if host_header(&request).is_some_and(|host| is_loopback(host) || is_public(host)) {
        next.run(request).await
    } else {
        misdirected()
    }
}

fn host_header(request: &Request) -> Option<&str> {
    request.headers().get(HOST).and_then(|host| host.to_str().ok())
}

fn misdirected() -> Response {
    let text =
        "clerk-local answers to localhost and loopback addresses, and its Frontend API to the host of its public URL\n";
    (StatusCode::MISDIRECTED_REQUEST, text).into_response()
}
