//! Clerk's Frontend API under a path of the app: [`frontend_api_proxy`], and all of [clerk-proxy](https://docs.rs/clerk-proxy).
//!
//! For browsers that cannot reach [Clerk's domains](https://clerk.com/docs/guides/dashboard/dns-domains/proxy-fapi).
//!
//! ```no_run
//! use std::net::SocketAddr;
//!
//! use axum::{Router, routing::get};
//! use clerk_axum::{Auth, Clerk, ClerkLayer, UserId};
//! use clerk_axum::proxy::{FrontendApiProxy, TrustedPeers, frontend_api_proxy};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! // CLERK_PROXY_URL=https://app.example.com/__clerk, as proxyUrl in the front end
//! let clerk = Clerk::from_env()?;
//! let peers = TrustedPeers::addresses(["10.0.0.0/8"])?;
//! let proxy = FrontendApiProxy::new(&clerk)?.trusted_peers(peers);
//! let app: Router = Router::new()
//!     .route("/me", get(async |Auth(user): Auth<UserId>| user.to_string()))
//!     .layer(ClerkLayer::new(clerk)) // around the routes above it
//!     .nest_service("/__clerk", frontend_api_proxy(proxy));
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
//! axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await?;
//! # Ok(()) }
//! ```
//!
//! It is outside of the layer: a user who is signing in has no session yet. Bodies stream both ways. `X-Forwarded-*` headers
//! are read only from the trusted peers; default: none, so Clerk sees each connection's own address.

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
/// The [module](self) has an example.
#[must_use]
pub fn frontend_api_proxy(proxy: FrontendApiProxy) -> FrontendApiProxyService {
    FrontendApiProxyService::new(proxy)
        .original_uri(|extensions| extensions.get::<OriginalUri>().map(|original| &original.0))
        .peer_address(|extensions| {
            let connection = extensions.get::<ConnectInfo<SocketAddr>>().map(|connection| connection.0);
            connection.or_else(|| extensions.get().copied())
        })
}
