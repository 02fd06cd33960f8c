//! When the endpoint is asked again.

use std::time::Duration;

use clerk_core::{JwksPolicy, VerifyError, time::SystemClock};
use clerk_tests::switch::Behaviour;

use crate::crowd::{SIZE, Scene, all_good, all_unavailable};

#[tokio::test(flavor = "multi_thread")]
async fn failures_in_a_row_are_asked_about_less_and_less() {
    let scene = Scene::with(None, |builder| builder).await;
    scene.clerk.warm_up().await.unwrap();
    scene.endpoint.behave(Behaviour::status(500));
    scene.endpoint.take_requests();
    scene.clock.advance(Duration::from_secs(5 * 60));
    let unknown = scene.local.token("alice").unwrap().kid("ins_other").lifetime(Duration::from_secs(3600)).mint();
    for _ in 0..120 {
        scene.clock.advance(Duration::from_secs(1));
        // The known key's token does not wait, and starts a refresh; the other one waits until that has ended.
        scene.clerk.verify_session_token(&scene.tokens[0]).await.unwrap();
        assert!(scene.clerk.verify_session_token(&unknown).await.is_err());
    }
    // 1, 2, 4, 8, 16, 30, 30, ... seconds, each less a random part of up to a half.
    let fetches = scene.endpoint.take_requests();
    assert!((6..=14).contains(&fetches), "{fetches} in two minutes");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_asks_for_a_while_gets_it() {
    for (asked, honoured) in [("retry-after: 20", 20), ("retry-after: 86400", 60)] {
        let scene = Scene::with(Some(Behaviour::with_header(429, asked)), |builder| builder).await;
        assert_eq!(scene.crowd().await, all_unavailable());
        assert_eq!(scene.endpoint.take_requests(), 1);
        scene.endpoint.behave(scene.good());
        scene.clock.advance(Duration::from_secs(honoured - 1));
        match scene.clerk.verify_session_token(&scene.tokens[0]).await {
            Err(VerifyError::Unavailable(unavailable)) => assert_eq!(unavailable.retry_after(), Duration::from_secs(1)),
            other => panic!("{other:?}"),
        }
        assert_eq!(scene.endpoint.take_requests(), 0);
        scene.clock.advance(Duration::from_secs(1));
        assert_eq!(scene.crowd().await, all_good());
        assert_eq!(scene.endpoint.take_requests(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_nobody_has_are_asked_for_once_in_a_while() {
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
        assert_eq!(scene.crowd_now(), all_good());
        assert_eq!(scene.endpoint.take_requests(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_asks_no_more_often_than_it_should() {
    let scene = Scene::with(None, |builder| builder).await;
    scene.clerk.warm_up().await.unwrap();
    scene.endpoint.take_requests();
    let now = clerk_core::time::Clock::now(&*scene.clock);
    for jump in 0..20_u64 {
        // An hour forth, then back to where it was.
        let there = if jump % 2 == 0 { now + Duration::from_secs(3600) } else { now };
        scene.clock.set(there);
        assert_eq!(scene.crowd_now().good, SIZE);
        assert_eq!(scene.crowd().await, all_good());
    }
    // One a jump, and one more where a fetch was under way during a jump: its keys are then from another time.
    let fetches = scene.endpoint.take_requests();
    assert!(fetches <= 2 * 20, "{fetches} fetches for 20 jumps and 40 000 requests");
}

#[tokio::test]
async fn a_refresher_fetches_by_itself_until_it_is_dropped() {
    let policy = JwksPolicy::default().refresh_after(Duration::from_millis(150));
    let system = std::sync::Arc::new(SystemClock);
    let scene = Scene::with(None, |builder| builder.jwks(policy).clock(system)).await;
    assert!(scene.clerk.ready().is_err(), "nobody has asked yet");
    let refresher = scene.clerk.spawn_refresher();
    for _ in 0..3 {
        scene.endpoint.requested().await;
        scene.endpoint.take_requests();
    }
    drop(refresher);
    // What was under way may end; after that there is nothing more.
    tokio::task::yield_now().await;
    scene.endpoint.take_requests();
    let silence = tokio::time::timeout(Duration::from_millis(500), async {
        while scene.endpoint.take_requests() == 0 {
            tokio::task::yield_now().await;
        }
    });
    assert!(silence.await.is_err(), "it fetched after its guard was dropped");
}
