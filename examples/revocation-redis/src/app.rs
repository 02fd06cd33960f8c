//! One of the apps: everything that a service needs for sessions that end at once.

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
use clerk_axum::{Auth, Authenticator, Clerk, ClerkLayer, Session, UserId, WebhookLayer};
use clerk_core::{
    WebhookEndpoint,
    revocation::{RedisRevocations, StalePolicy},
    webhook::RedisDedupe,
};

#[axum::debug_handler]
async fn hello(Auth(user): Auth<UserId>) -> String {
    format!("hello {user}\n")
}

/// Ends the caller's own session, here, in the other app, and at Clerk.
#[axum::debug_handler]
async fn sign_out(State(clerk): State<Clerk>, Auth(session): Auth<Session>) -> StatusCode {
    match clerk.revoke_session(session.session_id().as_str()).await {
        Ok(()) => StatusCode::NO_CONTENT,
        // It has ended here; somebody should try again for the others.
        Err(_) => StatusCode::BAD_GATEWAY,
    }
}

pub(super) async fn run() -> Result<(), Box<dyn Error>> {
    let redis_url = env::var("REDIS_URL")?;
    let store = Arc::new(RedisRevocations::open(&redis_url, StalePolicy::Refuse)?);
    let clerk = Clerk::builder().environment()?.revocation(store.clone()).build()?;
    clerk.warm_up().await?;
    store.ready().await;
    // What may be read while it is unknown who was revoked in the last minute.
    let articles = Authenticator::new(clerk.clone()).stale_revocations(StalePolicy::Accept);
    // Clerk tells one of the apps, and that one tells the others.
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
