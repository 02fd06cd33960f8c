//! Page "Revocation".

use crate::running::{Outcome, Running};

// ANCHOR: store
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    routing::{get, post},
};
use clerk_axum::{
    Auth, Clerk, ClerkBuilder, ClerkLayer, ConfigError, Session, UserId, clerk_core::revocation::InMemoryRevocations,
};

fn with_revocations(builder: ClerkBuilder) -> ClerkBuilder {
    builder.revocation(InMemoryRevocations::new()) // one process; for several, RedisRevocations
}

/// Ends the caller's session: here at once, in the other processes of the store, and at Clerk.
async fn sign_out(State(clerk): State<Clerk>, Auth(session): Auth<Session>) -> StatusCode {
    match clerk.revoke_session(session.session_id().as_str()).await {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::BAD_GATEWAY, // ended here; try again for the others and Clerk
    }
}
// ANCHOR_END: store

// ANCHOR: webhooks
use clerk_axum::webhook::{InMemoryDedupe, WebhookEndpoint, WebhookLayer};

/// Sessions that end at Clerk: sign-out, user banned or deleted, membership removed.
fn webhooks(clerk: &Clerk) -> Result<Router, ConfigError> {
    let endpoint = WebhookEndpoint::new(clerk)?.dedupe(InMemoryDedupe::default()).revocations(clerk);
    Ok(Router::new().route("/webhooks/clerk", post(async || ()).layer(WebhookLayer::new(endpoint))))
}
// ANCHOR_END: webhooks

// ANCHOR: routes
use std::time::Duration;

use clerk_axum::{Authenticator, clerk_core::revocation::StalePolicy};

fn app(clerk: Clerk) -> Result<Router, ConfigError> {
    let new = || Authenticator::new(clerk.clone());
    let articles = new().stale_revocations(StalePolicy::Accept); // readable while the state is unknown
    let payments = new().check_session_with_clerk(Duration::from_secs(2))?; // asks Clerk, at most each 2 s for a session
    Ok(Router::new()
        .merge(Router::new().route("/articles", get(me)).layer(ClerkLayer::new(articles)))
        .merge(Router::new().route("/payments", get(me)).layer(ClerkLayer::new(payments)))
        .merge(Router::new().route("/sign-out", post(sign_out)).layer(ClerkLayer::new(clerk.clone())))
        .with_state(clerk.clone())
        .merge(webhooks(&clerk)?))
}

async fn me(Auth(user): Auth<UserId>) -> String {
    user.to_string()
}
// ANCHOR_END: routes

async fn start() -> Outcome<(Running, String)> {
    let running = Running::start_with(with_revocations, app).await?;
    let session = running.local.sign_in("alice")?;
    let token = running.local.token("alice")?.session_id(&session).authorized_party(running.app.origin()).mint();
    Ok((running, token))
}

#[tokio::test]
async fn a_session_that_is_revoked_here_ends_before_its_token() -> Outcome {
    let (running, token) = start().await?;
    assert_eq!(running.status("/articles", &token).await?, 200);
    assert_eq!(running.app.post("/sign-out").bearer(&token).send().await?.status, 204);
    let refused = running.get("/articles", &token).await?;
    assert_eq!((refused.status, refused.header("x-clerk-auth-reason")), (401, Some("session-revoked")));
    assert_eq!(running.local.revoke_requests(), 1);
    Ok(())
}

#[tokio::test]
async fn a_ban_at_clerk_ends_the_sessions_by_a_webhook() -> Outcome {
    let (running, token) = start().await?;
    running.local.add_webhook_endpoint(&running.app.url("/webhooks/clerk"))?;
    assert_eq!(running.status("/articles", &token).await?, 200);
    running.local.ban_user("alice")?;
    assert!(running.local.wait_for_webhooks().await, "{:?}", running.local.webhook_messages());
    assert_eq!(running.status("/articles", &token).await?, 401);
    Ok(())
}

#[tokio::test]
async fn a_session_that_ends_at_clerk_is_noticed_by_the_check() -> Outcome {
    let (running, token) = start().await?;
    assert_eq!(running.status("/payments", &token).await?, 200);
    running.local.end_sessions();
    running.local.advance(Duration::from_secs(3));
    assert_eq!(running.status("/payments", &token).await?, 401);
    assert_eq!(running.status("/articles", &token).await?, 200, "the token is valid for a minute");
    Ok(())
}
