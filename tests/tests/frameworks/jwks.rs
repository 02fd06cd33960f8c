//! Fetching the instance's keys over real HTTP.

use std::{sync::Arc, time::Duration};

use clerk_core::{
    adapter::VerifyError,
    setup::KeysUnavailableKind,
    time::{ManualClock, Timestamp},
    token::TokenErrorKind,
};
use clerk_local::LocalClerk;
use clerk_tests::{
    client,
    endpoint::Endpoint,
    harness::{FRAMEWORKS, Framework},
};

async fn instance() -> (LocalClerk, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new(Timestamp::from_unix_seconds(1_768_478_400)));
    (LocalClerk::builder().clock(clock.clone()).start().await.unwrap(), clock)
}

fn kind(result: Result<clerk_core::Session, VerifyError>) -> TokenErrorKind {
    match result.unwrap_err() {
        VerifyError::Token(error) => error.kind(),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn after_a_rotation_the_new_key_is_accepted_and_the_old_one_is_not() {
    let (local, clock) = instance().await;
    let clerk = local.clerk_builder().unwrap().build().unwrap();
    let old = local.token("alice").unwrap().expires_at(Timestamp::from_unix_seconds(2_000_000_000)).mint();
    clerk.verify_session_token(&old).await.unwrap();
    local.rotate_key().unwrap();
    let new = local.token("alice").unwrap().expires_at(Timestamp::from_unix_seconds(2_000_000_000)).mint();
    assert_eq!(kind(clerk.verify_session_token(&new).await), TokenErrorKind::UnknownKeyId, "within the cooldown");
    assert_eq!(local.jwks_requests(), 1);
    clock.advance(Duration::from_secs(30));
    clerk.verify_session_token(&new).await.unwrap();
    assert_eq!(kind(clerk.verify_session_token(&old).await), TokenErrorKind::UnknownKeyId);
    assert_eq!(local.jwks_requests(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_requests_at_a_cold_start_cause_one_fetch() {
    let (local, _clock) = instance().await;
    let clerk = local.clerk_builder().unwrap().build().unwrap();
    let token = local.token("alice").unwrap().mint();
    let tasks: Vec<_> = (0..1000)
        .map(|_| {
            let (clerk, token) = (clerk.clone(), token.clone());
            tokio::spawn(async move { clerk.verify_session_token(&token).await.is_ok() })
        })
        .collect();
    for task in tasks {
        assert!(task.await.unwrap());
    }
    assert_eq!(local.jwks_requests(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn four_actix_workers_share_one_fetch() {
    let (local, _clock) = instance().await;
    let address = Framework::Actix.serve(local.clerk_builder().unwrap().build().unwrap()).await;
    let token = local.token("alice").unwrap().mint();
    let requests = (0..64).map(|_| {
        let header = vec![("authorization", format!("Bearer {token}").into_bytes())];
        tokio::spawn(async move { client::get(address, "/me", &header).await.status })
    });
    for request in requests.collect::<Vec<_>>() {
        assert_eq!(request.await.unwrap(), 200);
    }
    assert_eq!(local.jwks_requests(), 1);
}

/// As when an actix worker starts the fetch, and then a handler blocks it.
#[tokio::test(flavor = "multi_thread")]
async fn a_blocked_worker_that_started_the_fetch_holds_up_no_other() {
    let (local, _clock) = instance().await;
    let clerk = local.clerk_builder().unwrap().http_timeout(Duration::from_secs(1)).build().unwrap();
    let token = local.token("alice").unwrap().mint();
    let (started, has_started) = std::sync::mpsc::channel();
    let (release, released) = std::sync::mpsc::channel::<()>();
    let worker = std::thread::spawn({
        let (clerk, token) = (clerk.clone(), token.clone());
        move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut request = std::pin::pin!(clerk.verify_session_token(&token));
                let begun = std::future::poll_fn(|context| std::task::Poll::Ready(request.as_mut().poll(context)));
                assert!(begun.await.is_pending());
                started.send(()).unwrap();
                released.recv().unwrap();
                request.await.is_ok()
            })
        }
    });
    tokio::task::block_in_place(|| has_started.recv().unwrap());
    clerk.verify_session_token(&token).await.unwrap();
    assert_eq!(local.jwks_requests(), 1, "the blocked worker has not come to its own");
    release.send(()).unwrap();
    assert!(tokio::task::block_in_place(|| worker.join().unwrap()));
}

#[tokio::test]
async fn a_request_from_before_the_fetch_uses_the_fetched_keys() {
    let (local, _clock) = instance().await;
    let clerk = local.clerk_builder().unwrap().build().unwrap();
    let token = local.token("alice").unwrap().mint();
    let request = http::Request::get("/").header("authorization", format!("Bearer {token}")).body(()).unwrap();
    let headers = clerk_tower::Headers(request.headers());
    let view = headers.view(request.method(), request.uri());
    // Both look up the key when they are created; the second one is polled only after the first one's fetch has ended.
    let (first, second) = (clerk.authenticate(&view), clerk.authenticate(&view));
    assert!(first.await.auth().session().is_ok());
    assert!(second.await.auth().session().is_ok());
    assert_eq!(local.jwks_requests(), 1);
}

#[tokio::test]
async fn a_fetch_continues_when_its_request_is_cancelled() {
    let (local, _clock) = instance().await;
    let clerk = local.clerk_builder().unwrap().build().unwrap();
    let token = local.token("alice").unwrap().mint();
    {
        let request = clerk.verify_session_token(&token);
        let mut request = std::pin::pin!(request);
        // One poll starts the fetch; then the request is dropped.
        assert!(
            std::future::poll_fn(|context| std::task::Poll::Ready(request.as_mut().poll(context))).await.is_pending()
        );
    }
    clerk.verify_session_token(&token).await.unwrap();
    assert_eq!(local.jwks_requests(), 1);
}

#[tokio::test]
async fn the_old_keys_serve_while_the_endpoint_is_down() {
    let (local, clock) = instance().await;
    let clerk = local.clerk_builder().unwrap().http_timeout(Duration::from_millis(300)).build().unwrap();
    clerk.warm_up().await.unwrap();
    let far = Timestamp::from_unix_seconds(2_000_000_000);
    let token = local.token("alice").unwrap().expires_at(far).mint();
    let unknown = local.token("alice").unwrap().expires_at(far).kid("ins_other").mint();
    local.shutdown().await;
    clock.advance(Duration::from_secs(23 * 3600));
    clerk.verify_session_token(&token).await.unwrap();
    assert!(matches!(clerk.verify_session_token(&unknown).await, Err(VerifyError::Unavailable(_))));
    clock.advance(Duration::from_secs(3600));
    assert!(
        matches!(clerk.verify_session_token(&token).await, Err(VerifyError::Unavailable(_))),
        "the keys are older than 24 h"
    );
}

#[tokio::test]
async fn the_error_for_a_wrong_secret_key_names_the_remedy() {
    let (local, _clock) = instance().await;
    let clerk = local.clerk_builder().unwrap().secret_key("sk_test_wrong".parse().unwrap()).build().unwrap();
    let error = clerk.warm_up().await.unwrap_err();
    assert_eq!(error.kind(), KeysUnavailableKind::SecretKeyRefused);
    assert!(error.to_string().contains("CLERK_SECRET_KEY") && !error.to_string().contains("sk_test_wrong"), "{error}");
}

#[tokio::test]
async fn redirects_are_not_followed_and_bodies_have_a_limit() {
    let (local, _clock) = instance().await;
    let target = Endpoint::json("{}").await;
    let redirect =
        format!("HTTP/1.1 302 Found\r\nlocation: {}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", target.url());
    let redirect = Endpoint::start(Some(redirect)).await;
    let large = Endpoint::json(&format!(r#"{{"keys":[],"padding":"{}"}}"#, "x".repeat(2 << 20))).await;
    for endpoint in [&redirect, &large] {
        let clerk = local.clerk_builder().unwrap().api_url(&endpoint.url()).unwrap().build().unwrap();
        assert_eq!(clerk.warm_up().await.unwrap_err().kind(), KeysUnavailableKind::InvalidResponse);
        assert_eq!(endpoint.requests(), 1);
    }
    assert_eq!(target.requests(), 0, "the secret key was sent to another host");
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_kids_cause_one_fetch_per_cooldown() {
    let (local, _clock) = instance().await;
    for framework in FRAMEWORKS {
        let address = framework.serve(local.clerk_builder().unwrap().build().unwrap()).await;
        let before = local.jwks_requests();
        for i in 0..50 {
            let token = local.token("alice").unwrap().kid(&format!("ins_{i}")).mint();
            let header = [("authorization", format!("Bearer {token}").into_bytes())];
            assert_eq!(client::get(address, "/me", &header).await.status, 401);
        }
        assert_eq!(local.jwks_requests() - before, 1, "{framework:?}");
    }
}
