//! One of the apps: a service whose sessions end at once.

use std::{
    env,
    error::Error,
    io::{self, Write},
    sync::Arc,
};

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    routing::{get, post},
};
use clerk_axum::{
    Auth, Authenticator, Clerk, ClerkLayer, Session, UserId,
    clerk_core::revocation::StalePolicy,
    stores::{RedisDedupe, RedisRevocations},
    webhook::{WebhookEndpoint, WebhookLayer},
};

#[axum::debug_handler]
async fn hello(Auth(user): Auth<UserId>) -> String {
    format!("hello {user}\n")
}

/// Ends the caller's session in this app, in the other app, and at Clerk.
#[axum::debug_handler]
async fn sign_out(State(clerk): State<Clerk>, Auth(session): Auth<Session>) -> StatusCode {
    match clerk.revoke_session(session.session_id().as_str()).await {
        Ok(()) => StatusCode::NO_CONTENT,
        // The session has ended in this app; the client should retry for the other app and Clerk.
        Err(_) => StatusCode::BAD_GATEWAY,
    }
}

pub(super) async fn run() -> Result<(), Box<dyn Error>> {
    let redis_url = env::var("REDIS_URL")?;
    let store = Arc::new(RedisRevocations::open(&redis_url, StalePolicy::Refuse)?);
    let clerk = Clerk::builder().environment()?.revocation(store.clone()).build()?;
    clerk.warm_up().await?;
    store.ready().await;
    // Fails open: may be read even if the revocations of the last minute are unknown.
    let articles = Authenticator::new(clerk.clone()).stale_revocations(StalePolicy::Accept);
    // Clerk sends a webhook to one of the apps, which passes the revocation on to the others.
    let endpoint = WebhookEndpoint::new(&clerk)?.dedupe(RedisDedupe::open(&redis_url, "apps")?).revocations(&clerk);
    let webhooks = Router::new().route("/webhooks", post(async || ()).layer(WebhookLayer::new(endpoint)));
    let app = webhooks.merge(Router::new().route("/articles", get(hello)).layer(ClerkLayer::new(articles))).merge(
        Router::new()
            .route("/payments", get(hello))
            .route("/sign-out", post(sign_out))
            .with_state(clerk.clone())
            .layer(ClerkLayer::new(clerk)),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    writeln!(io::stdout(), "http://{}", listener.local_addr()?)?;
    Ok(axum::serve(listener, app).await?)
}
