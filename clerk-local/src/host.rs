//! Which requests the instance answers: those for its own hosts, so that no site on the Internet can reach it through
//! DNS, and for what signs users in without a password only those that no outsider sent through a proxy.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header::HOST},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    http::error_response,
    loopback::{authority, is_loopback},
    shared::Shared,
};

/// Headers that say that a request came through a proxy, besides `x-forwarded-*`.
const PROXY_HEADERS: [&str; 12] = [
    "cf-connecting-ip",
    "clerk-proxy-url",
    "clerk-secret-key",
    "fastly-client-ip",
    "forwarded",
    "true-client-ip",
    "via",
    "x-client-ip",
    "x-original-forwarded-for",
    "x-original-host",
    "x-proxy-user-ip",
    "x-real-ip",
];

/// Middleware that answers 421 to requests for any host but a loopback one and those of
/// [`allow_host`](crate::LocalClerkBuilder::allow_host).
pub(crate) async fn require_loopback(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let is_own = |host: &str| is_loopback(host) || shared.has_allowed_host(host);
    if host_header(request.headers()).is_some_and(is_own) { next.run(request).await } else { misdirected() }
}

/// The same, but the host of the public URL is allowed, too.
pub(crate) async fn require_own_host(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let is_own = host_header(request.headers()).is_some_and(|host| is_own_host(&shared, host));
    if is_own { next.run(request).await } else { misdirected() }
}

/// Middleware that refuses what came through a proxy: the console shows and mints everything without
/// authentication, and a proxy, that of an app for example, may face the Internet.
pub(crate) async fn require_no_proxy(request: Request, next: Next) -> Response {
    if came_through_proxy(request.headers()) {
        refused("The console and /local answer on this machine alone, and not through a proxy.")
    } else {
        next.run(request).await
    }
}

/// Middleware that refuses what a proxy forwards from another host than the instance's own, the public one and those
/// of the allowed origins: pages that sign users in without a password are for this machine's browsers and tests.
pub(crate) async fn require_own_visitor(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    if came_through_proxy(request.headers()) && !comes_from_own_host(&shared, request.headers()) {
        refused("This page signs users in without a password, so it is not for visitors of other hosts.")
    } else {
        next.run(request).await
    }
}

fn came_through_proxy(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| {
        // Some servers treat an underscore as a hyphen.
        let name = name.as_str().replace('_', "-");
        name.starts_with("x-forwarded") || PROXY_HEADERS.contains(&&*name)
    })
}

/// Whether each host that the proxies name is the instance's own; without one, whether the `Host` or each client is.
fn comes_from_own_host(shared: &Shared, headers: &HeaderMap) -> bool {
    let is_own = |host: &str| is_own_host(shared, host) || shared.is_host_of_allowed_origin(host);
    let hosts = forwarded_hosts(headers);
    if !hosts.is_empty() {
        return hosts.iter().all(|host| is_own(host));
    }
    // The proxy kept the host that the browser asked for.
    if host_header(headers).is_some_and(|host| !is_loopback(host) && is_own(host)) {
        return true;
    }
    let is_here = |address: &str| address.trim().parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let clients = ["x-forwarded-for", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip"];
    let mut clients = clients.iter().flat_map(|name| headers.get_all(*name)).peekable();
    // A proxy that names neither a host nor a client may forward for any client.
    clients.peek().is_some()
        && clients.all(|value| value.to_str().is_ok_and(|addresses| addresses.split(',').all(is_here)))
}

/// The hosts that browsers asked the proxies for.
fn forwarded_hosts(headers: &HeaderMap) -> Vec<String> {
    let values = |name: &'static str| headers.get_all(name).iter().map(|value| value.to_str().unwrap_or_default());
    let listed = |name| values(name).flat_map(|value| value.split(',')).map(|host| host.trim().to_owned());
    let of_url = |url: &str| url::Url::parse(url).ok().and_then(|url| authority(&url)).unwrap_or_default();
    let pairs = values("forwarded").flat_map(|value| value.split([',', ';']));
    let forwarded = pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("host"));
    listed("x-forwarded-host")
        .chain(listed("x-original-host"))
        .chain(values("clerk-proxy-url").map(of_url))
        .chain(forwarded.map(|(_, host)| host.trim().trim_matches('"').to_owned()))
        .collect()
}

fn is_own_host(shared: &Shared, host: &str) -> bool {
    let public = shared.public_url.as_ref().and_then(authority);
    is_loopback(host) || shared.has_allowed_host(host) || public.is_some_and(|public| public.eq_ignore_ascii_case(host))
}

fn host_header(headers: &HeaderMap) -> Option<&str> {
    headers.get(HOST).and_then(|host| host.to_str().ok())
}

fn refused(message: &str) -> Response {
    error_response(StatusCode::FORBIDDEN, "authorization_invalid", message)
}

fn misdirected() -> Response {
    let text = "clerk-local answers to localhost, to loopback addresses and to the hosts that --allow-host names, and \
        its Frontend API to the host of its public URL\n";
    (StatusCode::MISDIRECTED_REQUEST, text).into_response()
}
