//! Which names this instance answers to: loopback ones and the one that it was told of, so that no site on the Internet
//! can reach it through DNS.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{StatusCode, header::HOST},
    middleware::Next,
    response::{IntoResponse, Response},
};
use url::Url;

use crate::{redirect, shared::Shared};

/// Whether a host, with or without a port, is this machine by its loopback name or address.
pub(crate) fn is_loopback(host: &str) -> bool {
    let Ok(url) = url::Url::parse(&format!("http://{host}/")) else { return false };
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Middleware that answers 421 to requests for any name but this machine's.
pub(crate) async fn only_loopback(request: Request, next: Next) -> Response {
    if named(&request).is_some_and(is_loopback) { next.run(request).await } else { misdirected() }
}

/// The same, for a server that may have a public name beside.
pub(crate) async fn only_own(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let public = shared.public_url.as_ref().and_then(redirect::authority);
    let is_public = |host: &str| public.as_ref().is_some_and(|public| public.eq_ignore_ascii_case(host));
    if named(&request).is_some_and(|host| is_loopback(host) || is_public(host)) {
        next.run(request).await
    } else {
        misdirected()
    }
}

fn named(request: &Request) -> Option<&str> {
    request.headers().get(HOST).and_then(|host| host.to_str().ok())
}

fn misdirected() -> Response {
    let text =
        "clerk-local answers to localhost and loopback addresses, and its Frontend API to the host of its public URL\n";
    (StatusCode::MISDIRECTED_REQUEST, text).into_response()
}

/// The address of an origin, `https://clerk.app.test` for example, if it is one and nothing more.
pub(crate) fn origin(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.host().is_some();
    (is_web && url.origin().ascii_serialization() == text.trim_end_matches('/')).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_an_origin_alone() {
        for good in
            ["https://clerk.app.test", "https://clerk.app.test/", "http://127.0.0.1:4400", "https://a.test:8443"]
        {
            assert!(origin(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "clerk.app.test",
            "https://",
            "https://u:p@a.test",
            "https://a.test/x",
            "https://a.test/?x",
            "ftp://a.test",
            "https://A.test:443",
        ] {
            assert!(origin(bad).is_none(), "{bad}");
        }
    }
}
