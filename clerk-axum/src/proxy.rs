//! [`frontend_api_proxy`]: serves Clerk's Frontend API from a router, with `clerk-proxy`.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, OriginalUri};
pub use clerk_tower::proxy::*;

/// Service that forwards requests to Clerk's Frontend API, for
/// [`nest_service`](axum::Router::nest_service) at the [proxy's path](FrontendApiProxy::path).
///
/// Nest it outside of [`ClerkLayer`](crate::ClerkLayer): Clerk authenticates these requests itself. The peer's address
/// is axum's [`ConnectInfo`], so serve the router with
/// [`into_make_service_with_connect_info::<SocketAddr>()`](axum::Router::into_make_service_with_connect_info); without
/// it Clerk gets no client address.
///
/// ```no_run
/// use axum::{Router, routing::get};
/// use clerk_axum::{Auth, Clerk, ClerkLayer, UserId, proxy::{FrontendApiProxy, TrustedPeers, frontend_api_proxy}};
/// use std::net::SocketAddr;
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let clerk = Clerk::from_env()?; // CLERK_PROXY_URL=https://app.example.com/__clerk
/// let proxy = FrontendApiProxy::new(&clerk)?.trusted_peers(TrustedPeers::addresses(["10.0.0.0/8"])?);
/// let app: Router = Router::new()
///     .route("/me", get(async |Auth(user): Auth<UserId>| user.to_string()))
///     .layer(ClerkLayer::new(clerk)) // around the routes above it
///     .nest_service("/__clerk", frontend_api_proxy(proxy));
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
/// axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await?;
/// # Ok(()) }
/// ```
#[must_use]
pub fn frontend_api_proxy(proxy: FrontendApiProxy) -> FrontendApiProxyService {
    FrontendApiProxyService::new(proxy)
        .original_uri(|extensions| extensions.get::<OriginalUri>().map(|original| &original.0))
        .peer_address(|extensions| {
            let connection = extensions.get::<ConnectInfo<SocketAddr>>().map(|connection| connection.0);
            connection.or_else(|| extensions.get().copied())
        })
}
