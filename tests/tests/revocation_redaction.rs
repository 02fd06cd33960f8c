//! No token, key or password ever reaches a log when sessions are revoked. A file of its own: the subscriber listens to
//! the whole process.

use std::{sync::Arc, time::Duration};

use clerk_core::{
    Authenticator,
    revocation::{InMemoryRevocations, RedisRevocations, RevocationStore, Revoked, StalePolicy},
    time::{Clock, SystemClock},
};
use clerk_local::LocalClerk;
use clerk_tests::{
    client, endpoint,
    harness::FRAMEWORKS,
    log::Log,
    switch::{Behaviour, Switch},
};

const PASSWORD: &str = "redis-password-of-production";

/// Any run of this many characters of a secret counts as the secret.
const WINDOW: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_secret_is_logged_at_any_level() {
    let log = Log::of_the_process();
    let local = LocalClerk::start().await.unwrap();
    let nobody = endpoint::nobody().await;
    let address = nobody.trim_start_matches("http://");
    let url = format!("redis://service:{PASSWORD}@{address}/");
    let error =
        RedisRevocations::open(&format!("http://service:{PASSWORD}@{address}/"), StalePolicy::Refuse).unwrap_err();
    tracing::info!(?error, %error, "what a user might log");
    let unreachable = Arc::new(RedisRevocations::open(&url, StalePolicy::Refuse).unwrap());
    let stores: [Arc<dyn RevocationStore>; 2] = [Arc::new(InMemoryRevocations::new()), unreachable];
    let failing = Switch::start(Behaviour::status(500)).await;
    let mut tokens = Vec::new();
    for (framework, store) in
        FRAMEWORKS.into_iter().flat_map(|framework| stores.clone().map(|store| (framework, store)))
    {
        tracing::info!(?store, "what a user might log");
        let builder = local.clerk_builder().unwrap().jwt_key(local.jwt_key_pem().parse().unwrap()).revocation(store);
        let clerk = builder.api_url(failing.url()).unwrap().build().unwrap();
        let closed = framework.serve(clerk.clone()).await;
        let open = Authenticator::new(clerk.clone()).stale_revocations(StalePolicy::Accept);
        tracing::info!(?open, "what a user might log");
        let open = framework.serve(open).await;
        let token = local.token("alice").unwrap().session_id("sess_1").mint();
        let send = async || {
            let bearer = ("authorization", format!("Bearer {token}").into_bytes());
            for address in [closed, open] {
                client::get(address, "/me", std::slice::from_ref(&bearer)).await;
            }
        };
        send().await;
        let session = clerk.verify_session_token(&token).await.ok();
        let end = session.map(|session| clerk.session_end(&session));
        tracing::info!(?end, "what a user might log");
        for answer in [
            tokio::time::timeout(Duration::from_secs(5), clerk.revoke_session("sess_1")).await,
            tokio::time::timeout(Duration::from_secs(5), clerk.revoke_user("user_1")).await,
            tokio::time::timeout(Duration::from_secs(5), clerk.revoked(Revoked::user("user_1"), SystemClock.now()))
                .await,
        ] {
            match answer {
                Ok(Err(error)) => tracing::info!(?error, %error, "what a user might log"),
                other => tracing::info!(?other, "what a user might log"),
            }
        }
        send().await;
        tracing::info!(?clerk, "what a user might log");
        tokens.push(token);
    }
    // The publishable key is public, and a stretch of it reads like the issuer inside a token.
    let text = log.text().replace(local.publishable_key().as_str(), "");
    assert!(text.contains("session-revoked") && text.contains("authenticate{status="), "{text}");
    assert!(text.contains("not connected to Redis") && text.contains("has not reached Clerk"), "{text}");
    for secret in tokens.iter().map(String::as_str).chain([local.secret_key().expose(), PASSWORD]) {
        for start in 0..=secret.len() - WINDOW {
            let window = &secret[start..start + WINDOW];
            assert!(!text.contains(window), "{window} of a secret was logged");
        }
    }
    println!("{} bytes of log hold no secret", text.len());
}
