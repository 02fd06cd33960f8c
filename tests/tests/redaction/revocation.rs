//! Revocation: no token, key or password of Redis reaches the log.

use std::{sync::Arc, time::Duration};

use clerk_core::{
    Authenticator,
    revocation::{InMemoryRevocations, RevocationStore, Revoked, StalePolicy},
    time::{Clock, SystemClock},
};
use clerk_local::LocalClerk;
use clerk_stores::RedisRevocations;
use clerk_tests::{
    client, endpoint,
    harness::FRAMEWORKS,
    log::Log,
    switch::{Behaviour, Switch},
};

const PASSWORD: &str = "redis-password-of-production";

/// If this many characters of a secret appear in a row, the secret has leaked.
const WINDOW: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_secret_is_logged_at_any_level() {
    let log = Log::listen().await;
    let local = LocalClerk::start().await.unwrap();
    let unused = endpoint::unused_url().await;
    let address = unused.trim_start_matches("http://");
    let url = format!("redis://service:{PASSWORD}@{address}/");
    let error =
        RedisRevocations::open(&format!("http://service:{PASSWORD}@{address}/"), StalePolicy::Refuse).unwrap_err();
    tracing::info!(?error, %error, "logged by an application");
    let sentinel = format!("redis+sentinel://service:{PASSWORD}@{address}/main?sentinel_password={PASSWORD}");
    let cluster = format!("redis+cluster://service:{PASSWORD}@{address}");
    let unreachable = |url: &str| Arc::new(RedisRevocations::open(url, StalePolicy::Refuse).unwrap());
    let stores: [Arc<dyn RevocationStore>; 4] =
        [Arc::new(InMemoryRevocations::new()), unreachable(&url), unreachable(&sentinel), unreachable(&cluster)];
    let failing = Switch::start(Behaviour::status(500)).await;
    let mut tokens = Vec::new();
    for (framework, store) in
        FRAMEWORKS.into_iter().flat_map(|framework| stores.clone().map(|store| (framework, store)))
    {
        tracing::info!(?store, "logged by an application");
        let builder = local.clerk_builder().unwrap().jwt_key(local.jwt_key_pem().parse().unwrap()).revocation(store);
        let clerk = builder.api_url(failing.url()).unwrap().build().unwrap();
        let closed = framework.serve(clerk.clone()).await;
        let open = Authenticator::new(clerk.clone()).stale_revocations(StalePolicy::Accept);
        tracing::info!(?open, "logged by an application");
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
        tracing::info!(?end, "logged by an application");
        for result in [
            tokio::time::timeout(Duration::from_secs(5), clerk.revoke_session("sess_1")).await,
            tokio::time::timeout(Duration::from_secs(5), clerk.revoke_user("user_1")).await,
            tokio::time::timeout(Duration::from_secs(5), clerk.revoked(Revoked::user("user_1"), SystemClock.now()))
                .await,
        ] {
            match result {
                Ok(Err(error)) => tracing::info!(?error, %error, "logged by an application"),
                other => tracing::info!(?other, "logged by an application"),
            }
        }
        send().await;
        tracing::info!(?clerk, "logged by an application");
        tokens.push(token);
    }
    // The publishable key is public, and a part of it equals a part of each token: the encoded issuer.
    let text = log.text().replace(local.publishable_key().as_str(), "");
    assert!(text.contains("session-revoked") && text.contains("authenticate{status="), "{text}");
    assert!(text.contains("not connected to Redis") && text.contains("has not reached Clerk"), "{text}");
    for secret in tokens.iter().map(String::as_str).chain([local.secret_key().expose(), PASSWORD]) {
        for start in 0..=secret.len() - WINDOW {
            let window = &secret[start..start + WINDOW];
            assert!(!text.contains(window), "{window} of a secret was logged");
        }
    }
    println!("no secret in {} bytes of log", text.len());
}
