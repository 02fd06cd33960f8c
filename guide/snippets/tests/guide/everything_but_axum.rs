//! Page "Everything but these routes", axum.

use crate::running::{Outcome, Running};

// ANCHOR: axum
use axum::{Router, routing::get};
use clerk_axum::{Clerk, ClerkLayer, RequireAuthLayer};

fn app(clerk: Clerk) -> Router {
    let protected = Router::new()
        .route("/account", get(async || "only signed-in users see this"))
        .route("/orders", get(async || "and this"))
        .route_layer(RequireAuthLayer::default()); // refuses
    let public = Router::new().route("/", get(async || "everyone sees this"));
    protected.merge(public).layer(ClerkLayer::new(clerk)) // only finds out who calls
}
// ANCHOR_END: axum

// ANCHOR: fallback
fn with_fallback(clerk: Clerk) -> Router {
    let protected = Router::new()
        .route("/account", get(async || "only signed-in users see this"))
        .fallback(async || axum::http::StatusCode::NOT_FOUND)
        .layer(RequireAuthLayer::default()); // unknown paths too: a stranger cannot tell which routes exist
    let public = Router::new().route("/health", get(async || "ok"));
    public.fallback_service(protected).layer(ClerkLayer::new(clerk))
}
// ANCHOR_END: fallback

#[tokio::test]
async fn only_the_public_routes_are_public_in_axum() -> Outcome {
    let running = Running::start(app).await?;
    let alice = running.token("alice")?;
    for (path, token, status) in
        [("/", "", 200), ("/account", "", 401), ("/orders", "", 401), ("/account", &*alice, 200), ("/nothing", "", 404)]
    {
        assert_eq!(running.status(path, token).await?, status, "{path} {token}");
    }
    let running = Running::start(with_fallback).await?;
    let alice = running.token("alice")?;
    for (path, token, status) in [
        ("/health", "", 200),
        ("/account", "", 401),
        ("/account", &*alice, 200),
        ("/nothing", "", 401),
        ("/nothing", &*alice, 404),
    ] {
        assert_eq!(running.status(path, token).await?, status, "{path} {token}");
    }
    Ok(())
}
