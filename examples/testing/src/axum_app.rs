//! The app in axum.

use axum::{Json, Router, routing::get};
use clerk_axum::{Auth, Clerk, ClerkLayer, ConfigError, Policy, RequireAuthLayer, Session};
use serde_json::{Value, json};

/// The app, authenticated by this `Clerk`.
///
/// # Errors
/// Never: the policy's role is valid.
pub fn app(clerk: Clerk) -> Result<Router, ConfigError> {
    let only_admins = RequireAuthLayer::new(Policy::role("org:admin"));
    Ok(Router::new()
        .route("/me", get(me))
        .route("/invoices", get(async || "one invoice\n").route_layer(only_admins))
        .layer(ClerkLayer::new(clerk)))
}

async fn me(Auth(session): Auth<Session>) -> Json<Value> {
    Json(json!({"user": session.user_id(), "organization": session.org_id()}))
}
