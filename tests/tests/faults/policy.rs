//! When the keys are fetched again.

use std::time::Duration;

use clerk_core::{adapter::VerifyError, setup::JwksPolicy, time::SystemClock};
use clerk_tests::switch::Behaviour;

use crate::scene::{REQUESTS, Scene, all_good, all_unavailable};

#[tokio::test(flavor = "multi_thread")]
async fn repeated_failures_are_retried_less_and_less_often() {
    let scene = Scene::with(None, |builder| builder).await;
    scene.clerk.warm_up().await.unwrap();
    scene.endpoint.set_behaviour(Behaviour::status(500));
    scene.endpoint.take_requests();
    scene.clock.advance(Duration::from_secs(5 * 60));
    let unknown = scene.local.token("alice").unwrap().kid("ins_other").lifetime(Duration::from_secs(3600)).mint();
    for _ in 0..120 {
        scene.clock.advance(Duration::from_secs(1));
        // The token of the known key starts a refresh and does not wait; the other token waits until the refresh ends.
        scene.clerk.verify_session_token(&scene.tokens[0]).await.unwrap();
        assert!(scene.clerk.verify_session_token(&unknown).await.is_err());
    }
    // 1, 2, 4, 8, 16, 30, 30, ... seconds, each less a random part of up to a half.
    let fetches = scene.endpoint.take_requests();
    assert!((6..=14).contains(&fetches), "{fetches} in two minutes");
}

#[tokio::test(flavor = "multi_thread")]
async fn retry_after_is_honoured_up_to_a_minute() {
    for (header, honoured) in [("retry-after: 20", 20), ("retry-after: 86400", 60)] {
        let scene = Scene::with(Some(Behaviour::with_header(429, header)), |builder| builder).await;
        assert_eq!(scene.send().await, all_unavailable());
        assert_eq!(scene.endpoint.take_requests(), 1);
        scene.endpoint.set_behaviour(scene.good());
        scene.clock.advance(Duration::from_secs(honoured - 1));
        match scene.clerk.verify_session_token(&scene.tokens[0]).await {
            Err(VerifyError::Unavailable(unavailable)) => assert_eq!(unavailable.retry_after(), Duration::from_secs(1)),
            other => panic!("{other:?}"),
        }
        assert_eq!(scene.endpoint.take_requests(), 0);
        scene.clock.advance(Duration::from_secs(1));
        assert_eq!(scene.send().await, all_good());
        assert_eq!(scene.endpoint.take_requests(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_keys_cause_one_fetch_per_cooldown() {
    let scene = Scene::with(None, |builder| builder).await;
    scene.clerk.warm_up().await.unwrap();
    scene.endpoint.take_requests();
    let token = scene.local.token("alice").unwrap().mint();
    let (_, rest) = token.split_once('.').unwrap();
    for cooldown in 0..3 {
        scene.clock.advance(Duration::from_secs(30));
        for number in 0..10_000 / 3 {
            use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
            let header = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"RS256","kid":"ins_{cooldown}_{number}"}}"#));
            assert!(scene.clerk.verify_session_token(&format!("{header}.{rest}")).await.is_err());
        }
        assert_eq!(scene.send_now(), all_good());
        assert_eq!(scene.endpoint.take_requests(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn clock_jumps_cause_few_fetches() {
    let scene = Scene::with(None, |builder| builder).await;
    scene.clerk.warm_up().await.unwrap();
    scene.endpoint.take_requests();
    let now = clerk_core::time::Clock::now(&*scene.clock);
    for jump in 0..20_u64 {
        // One hour forward, then back.
        let there = if jump % 2 == 0 { now + Duration::from_secs(3600) } else { now };
        scene.clock.set(there);
        assert_eq!(scene.send_now().good, REQUESTS);
        assert_eq!(scene.send().await, all_good());
    }
    // One fetch per jump, and one more if a fetch was running during the jump: its keys have the time before the jump.
    let fetches = scene.endpoint.take_requests();
    assert!(fetches <= 2 * 20, "{fetches} fetches for 20 jumps and 40 000 requests");
}

#[tokio::test]
async fn a_refresher_fetches_until_it_is_dropped() {
    let policy = JwksPolicy::default().refresh_after(Duration::from_millis(150));
    let system = std::sync::Arc::new(SystemClock);
    let scene = Scene::with(None, |builder| builder.jwks(policy).clock(system)).await;
    assert!(scene.clerk.ready().is_err(), "no fetch yet");
    let refresher = scene.clerk.spawn_refresher();
    for _ in 0..3 {
        scene.endpoint.wait_for_request().await;
        scene.endpoint.take_requests();
    }
    drop(refresher);
    // A running fetch may finish; after that there must be no more requests.
    tokio::task::yield_now().await;
    scene.endpoint.take_requests();
    let silence = tokio::time::timeout(Duration::from_millis(500), async {
        while scene.endpoint.take_requests() == 0 {
            tokio::task::yield_now().await;
        }
    });
    assert!(silence.await.is_err(), "it fetched after the guard was dropped");
}
