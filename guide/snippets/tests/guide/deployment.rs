//! Page "Deployment".

#![allow(dead_code, reason = "the functions with a real instance are for the reader")]

use clerk_local::LocalClerk;

use crate::running::{Outcome, Running};

// ANCHOR: start
use clerk_axum::Clerk;

/// Fails at the start, and not at the first request of a user, if the configuration is wrong.
async fn start(clerk: &Clerk) -> Result<(), Box<dyn std::error::Error>> {
    let report = clerk.check().await;
    for problem in report.problems() {
        eprintln!("{problem}"); // what is wrong, and what to do about it
    }
    if !report.is_ok() {
        return Err("Clerk is not set up".into());
    }
    clerk.warm_up().await?; // the keys, before the first request
    Ok(())
}
// ANCHOR_END: start

// ANCHOR: health
use axum::{Router, http::StatusCode, routing::get};

/// `/health` says 503 until the keys are known. It is outside of the layer: a balancer has no session.
fn with_health(routes: Router, clerk: Clerk) -> Router {
    let ready = async move || if clerk.ready().is_ok() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    routes.route("/health", get(ready))
}
// ANCHOR_END: health

// ANCHOR: proxy
use std::net::SocketAddr;

use clerk_axum::{
    ClerkLayer, ConfigError,
    proxy::{FrontendApiProxy, TrustedPeers, frontend_api_proxy},
};

/// `CLERK_PROXY_URL=https://app.example.com/__clerk`, and the same as `proxyUrl` in the front end.
fn with_proxy(routes: Router, clerk: Clerk) -> Result<Router, ConfigError> {
    let proxy = FrontendApiProxy::new(&clerk)?.trusted_peers(TrustedPeers::addresses(["10.0.0.0/8"])?);
    Ok(routes.layer(ClerkLayer::new(clerk)).nest_service("/__clerk", frontend_api_proxy(proxy)))
}

async fn serve(app: Router, listener: tokio::net::TcpListener) -> std::io::Result<()> {
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await
}
// ANCHOR_END: proxy

// ANCHOR: redis
use clerk_axum::{
    clerk_core::revocation::StalePolicy,
    stores::{RedisDedupe, RedisRevocations},
    webhook::WebhookEndpoint,
};

fn shared(redis_url: &str) -> Result<(Clerk, WebhookEndpoint), Box<dyn std::error::Error>> {
    let store = RedisRevocations::open(redis_url, StalePolicy::Refuse)?; // 503 while the state is unknown
    let clerk = Clerk::builder().environment()?.revocation(store).build()?;
    let endpoint = WebhookEndpoint::new(&clerk)?.dedupe(RedisDedupe::open(redis_url, "my-app")?).revocations(&clerk);
    Ok((clerk, endpoint))
}
// ANCHOR_END: redis

// ANCHOR: cors
use axum::http::{HeaderValue, header};
use tower_http::cors::CorsLayer;

fn with_cors(routes: Router, clerk: Clerk) -> Router {
    let cors = CorsLayer::new()
        .allow_origin(HeaderValue::from_static("https://app.example.com"))
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE]);
    routes.layer(ClerkLayer::new(clerk)).layer(cors) // the last one is the outermost
}
// ANCHOR_END: cors

#[tokio::test]
async fn a_page_of_the_front_end_may_ask_and_read_a_401() -> Outcome {
    let routes = Router::new().route("/me", get(async |_: clerk_axum::Auth<clerk_axum::UserId>| "you"));
    let running = Running::start(|clerk| with_cors(routes, clerk)).await?;
    let preflight = running.app.request("OPTIONS", "/me").header("origin", "https://app.example.com");
    let preflight = preflight.header("access-control-request-method", "GET");
    let preflight = preflight.header("access-control-request-headers", "authorization").send().await?;
    assert_eq!(preflight.status, 200);
    let refused = running.app.get("/me").header("origin", "https://app.example.com").send().await?;
    for response in [&preflight, &refused] {
        assert_eq!(response.header("access-control-allow-origin"), Some("https://app.example.com"), "{response:?}");
    }
    assert_eq!(refused.status, 401);
    Ok(())
}

#[tokio::test]
async fn a_good_configuration_starts_and_a_bad_one_does_not() -> Outcome {
    let local = LocalClerk::start().await?;
    start(&local.clerk_builder()?.build()?).await?;
    let down = local.clerk_builder()?.api_url("http://127.0.0.1:1")?.build()?;
    assert!(start(&down).await.is_err());
    Ok(())
}

#[tokio::test]
async fn the_service_is_ready_when_it_has_the_keys() -> Outcome {
    let running = Running::start(|clerk| {
        let routes = crate::quickstart_axum::quickstart(clerk.clone());
        with_health(routes, clerk)
    })
    .await?;
    assert_eq!(running.status("/health", "").await?, 503);
    assert_eq!(running.status("/me", &running.token("alice")?).await?, 200);
    assert_eq!(running.status("/health", "").await?, 200);
    Ok(())
}

#[tokio::test]
async fn browsers_reach_clerk_through_the_app() -> Outcome {
    let (local, app) = (LocalClerk::start().await?, clerk_local::LocalApp::bind()?);
    let clerk = app.clerk_builder(&local)?;
    let clerk = clerk.proxy_url(&app.url("/__clerk"))?.proxy_upstream(local.frontend_api_url())?.build()?;
    let routes = with_proxy(Router::new(), clerk)?;
    let listener = tokio::net::TcpListener::from_std(app.listener()?)?;
    tokio::spawn(serve(routes, listener));
    assert_eq!(app.get("/__clerk/v1/environment").send().await?.status, 200);
    Ok(())
}
