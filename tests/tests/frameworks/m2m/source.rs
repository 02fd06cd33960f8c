//! `M2mTokenSource`: creates tokens and renews them in time.

use std::{sync::Arc, time::Duration};

use clerk_api::m2m::{M2mTokenErrorKind, M2mTokenFormat, M2mTokenSource};
use clerk_core::{Authenticator, Clerk, TokenType};
use clerk_tests::{endpoint, switch::Behaviour};
use serde_json::json;

use super::{Faulty, Scene, cache::state, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_callers_cause_one_creation() {
    let scene = Scene::start().await;
    let source = scene.source(|source| source);
    let calls: Vec<_> = (0..1000)
        .map(|_| {
            let source = source.clone();
            tokio::spawn(async move { source.token().await.unwrap().expose().to_owned() })
        })
        .collect();
    let mut tokens = Vec::new();
    for call in calls {
        tokens.push(call.await.unwrap());
    }
    tokens.dedup();
    assert_eq!((tokens.len(), scene.local.create_requests()), (1, 1));
    assert!(tokens[0].starts_with("mt_"));
}

#[tokio::test]
async fn a_token_is_renewed_in_the_background_before_it_expires() {
    let scene = Scene::start().await;
    let source = scene.source(|source| source.lifetime(Duration::from_secs(1000)));
    let first = source.token().await.unwrap();
    assert_eq!(first.expires_at().unwrap().unix_seconds(), 1_768_479_400);
    scene.advance(690);
    assert_eq!(source.token().await.unwrap().id(), first.id());
    assert_eq!(scene.local.create_requests(), 1, "not yet");
    scene.advance(120);
    let current = source.token_now().expect("the current token, without waiting for the renewal");
    assert_eq!(current.id(), first.id());
    for _ in 0..100 {
        assert!(source.token_now().is_some());
    }
    eventually(|| source.token_now().unwrap().id() != first.id()).await;
    assert_eq!(scene.local.create_requests(), 2, "one renewal at a time");
    assert_eq!(source.token().await.unwrap().expires_at().unwrap().unix_seconds(), 1_768_480_210);
    scene.advance(1000);
    assert!(source.token_now().is_none(), "it has expired, and no call has renewed it");
    assert!(source.token().await.is_ok());
    assert_eq!(scene.local.create_requests(), 3);
}

#[tokio::test]
async fn a_service_accepts_both_formats_with_the_requested_claims() {
    let scene = Scene::start().await;
    let service = Authenticator::new(scene.clerk()).accepts_tokens(TokenType::M2mToken).unwrap();
    for (format, lookups) in [(M2mTokenFormat::Opaque, 1), (M2mTokenFormat::Jwt, 0)] {
        let source = scene.source(|source| {
            let source = source.format(format).lifetime(Duration::from_secs(60));
            source.claims(&json!({"job": 7})).unwrap()
        });
        let token = source.token().await.unwrap();
        let before = scene.local.verify_requests();
        let state = state(&service, token.expose()).await;
        let seen = state.m2m_token().unwrap();
        assert_eq!((seen.id(), seen.machine_id()), (token.id(), scene.local.machine_id()), "{format:?}");
        assert_eq!(seen.claims::<serde_json::Value>().unwrap()["job"], 7, "{format:?}");
        assert_eq!(scene.local.verify_requests() - before, lookups, "{format:?}");
        assert_eq!(token.expires_at().unwrap().unix_seconds(), 1_768_478_460, "{format:?}");
    }
}

#[tokio::test]
async fn while_the_api_fails_the_old_token_is_used_until_it_expires() {
    let faulty = Faulty::start().await;
    assert_eq!(faulty.source.token().await.unwrap().expose(), "mt_1");
    for outage in [Behaviour::Resets, Behaviour::status(500), Behaviour::Hangs, Behaviour::good("{}")] {
        faulty.advance(1);
        faulty.api.set_behaviour(outage);
        assert_eq!(faulty.source.token().await.unwrap().expose(), "mt_1");
    }
    faulty.api.set_behaviour(Behaviour::Resets);
    faulty.api.take_requests();
    faulty.advance(3500);
    assert_eq!(faulty.source.token_now().unwrap().expose(), "mt_1");
    faulty.api.wait_for_request().await;
    for second in 0..80 {
        faulty.advance(1);
        assert_eq!(faulty.source.token().await.unwrap().expose(), "mt_1", "{second}");
        tokio::task::yield_now().await;
    }
    faulty.advance(60);
    let error = faulty.source.token().await.unwrap_err();
    assert_eq!(error.kind(), M2mTokenErrorKind::Unreachable, "{error}");
    faulty.create("mt_2");
    faulty.advance(60);
    assert_eq!(faulty.source.token().await.unwrap().expose(), "mt_2");
}

#[tokio::test]
async fn a_failing_renewal_is_tried_less_and_less_often() {
    let faulty = Faulty::start().await;
    faulty.source.token().await.unwrap();
    faulty.advance(2900);
    faulty.api.set_behaviour(Behaviour::status(503));
    faulty.api.take_requests();
    let mut requests = 0;
    for _ in 0..3000 {
        faulty.clock.advance(Duration::from_millis(200));
        assert!(faulty.source.token_now().is_some());
        // A started request ends during this step or a few steps later.
        tokio::task::yield_now().await;
        requests += faulty.api.take_requests();
    }
    assert!((3..60).contains(&requests), "{requests} in ten minutes");
}

#[tokio::test]
async fn retry_after_is_honoured() {
    let faulty = Faulty::start().await;
    faulty.api.set_behaviour(Behaviour::with_header(429, "retry-after: 20"));
    let error = faulty.source.token().await.unwrap_err();
    assert_eq!((error.kind(), error.retry_after()), (M2mTokenErrorKind::RateLimited, Duration::from_secs(20)));
    assert_eq!(faulty.api.take_requests(), 1);
    faulty.create("mt_1");
    faulty.advance(19);
    let error = faulty.source.token().await.unwrap_err();
    assert_eq!((error.kind(), error.retry_after()), (M2mTokenErrorKind::RateLimited, Duration::from_secs(1)));
    assert_eq!(faulty.api.take_requests(), 0, "no request before the time is over");
    faulty.advance(1);
    assert_eq!(faulty.source.token().await.unwrap().expose(), "mt_1");
}

#[tokio::test]
async fn each_failure_has_a_kind_and_a_thousand_callers_share_its_request() {
    for (behaviour, kind) in [
        (Behaviour::status(401), M2mTokenErrorKind::MachineKeyRefused),
        (Behaviour::status(400), M2mTokenErrorKind::SettingsRefused),
        (Behaviour::status(500), M2mTokenErrorKind::InvalidResponse),
        (Behaviour::good(r#"{"id":"mt_1"}"#), M2mTokenErrorKind::InvalidResponse),
        (Behaviour::good(r#"{"token":"line\nbreak"}"#), M2mTokenErrorKind::InvalidResponse),
        (Behaviour::good(r#"{"token":"mt_1","expiration":1,"created_at":2}"#), M2mTokenErrorKind::InvalidResponse),
        (
            Behaviour::good(r#"{"token":"mt_1","expiration":1e308,"created_at":-1e308}"#),
            M2mTokenErrorKind::InvalidResponse,
        ),
        (Behaviour::Endless(2 * 1024 * 1024), M2mTokenErrorKind::InvalidResponse),
        (Behaviour::Hangs, M2mTokenErrorKind::Unreachable),
        (Behaviour::Drips, M2mTokenErrorKind::Unreachable),
        (Behaviour::Resets, M2mTokenErrorKind::Unreachable),
    ] {
        let faulty = Faulty::start().await;
        faulty.api.set_behaviour(behaviour.clone());
        let calls: Vec<_> = (0..1000)
            .map(|_| {
                let source = faulty.source.clone();
                tokio::spawn(async move { source.token().await.unwrap_err().kind() })
            })
            .collect();
        for call in calls {
            assert_eq!(call.await.unwrap(), kind, "{behaviour:?}");
        }
        assert_eq!(faulty.api.take_requests(), 1, "{behaviour:?}");
    }
}

#[tokio::test]
async fn a_cancelled_caller_does_not_cancel_the_creation() {
    let scene = Scene::start().await;
    let source = scene.source(|source| source);
    let mut cancelled = Box::pin(source.token());
    let waker = std::task::Waker::noop();
    assert!(cancelled.as_mut().poll(&mut std::task::Context::from_waker(waker)).is_pending());
    drop(cancelled);
    eventually(|| source.token_now().is_some()).await;
    assert_eq!(scene.local.create_requests(), 1);
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let scene = Scene::start().await;
    let source = scene.source(|source| source);
    let refused = source.token().await.unwrap();
    source.discard(&refused);
    assert_eq!(source.token().await.unwrap().id(), refused.id(), "it is too young");
    scene.advance(31);
    source.discard(&refused);
    let next = source.token().await.unwrap();
    assert_ne!(next.id(), refused.id());
    scene.advance(31);
    source.discard(&refused);
    assert_eq!(source.token().await.unwrap().id(), next.id(), "that token was already replaced");
    assert_eq!(scene.local.create_requests(), 2);
}

#[tokio::test]
async fn processes_may_share_a_token() {
    let scene = Scene::start().await;
    let process =
        || scene.source(|source| source.lifetime(Duration::from_secs(600)).min_remaining_ttl(Duration::from_secs(100)));
    let first = process().token().await.unwrap();
    scene.advance(400);
    let second = process();
    let shared = second.token().await.unwrap();
    assert_eq!(shared.id(), first.id());
    assert_eq!(shared.expires_at(), first.expires_at(), "the shared token expires at its original time");
    scene.advance(180);
    second.token().await.unwrap();
    eventually(|| second.token_now().unwrap().id() != first.id()).await;
    assert_eq!(scene.local.create_requests(), 3);
}

#[tokio::test]
async fn clock_skew_against_clerk_changes_nothing() {
    let scene = Scene::start().await;
    for hours in [-5_i64, 5] {
        let skewed = clerk_core::time::Timestamp::from_unix_seconds(1_768_478_400 + hours * 3600);
        let clock = Arc::new(clerk_core::time::ManualClock::new(skewed));
        let clerk = scene.local.clerk_builder().unwrap().clock(clock.clone()).build().unwrap();
        let source = M2mTokenSource::new(&clerk).unwrap();
        let before = scene.local.create_requests();
        let first = source.token().await.unwrap();
        clock.advance(Duration::from_secs(2500));
        assert_eq!(source.token().await.unwrap().id(), first.id());
        assert_eq!(scene.local.create_requests() - before, 1, "{hours}");
    }
}

#[test]
fn outside_of_a_runtime_nothing_panics() {
    let builder = Clerk::builder().machine_secret_key("ak_secretofthemachine".parse().unwrap());
    let source = M2mTokenSource::new(&builder.build().unwrap()).unwrap();
    assert!(source.token_now().is_none());
    let mut future = Box::pin(source.token());
    let waker = std::task::Waker::noop();
    let poll = future.as_mut().poll(&mut std::task::Context::from_waker(waker));
    assert!(matches!(poll, std::task::Poll::Ready(Err(_))), "{poll:?}");
}

#[tokio::test]
async fn the_error_for_an_unreachable_api_names_its_setting() {
    let builder = Clerk::builder().machine_secret_key("ak_secretofthemachine".parse().unwrap());
    let clerk = builder.api_url(&endpoint::unused_url().await).unwrap().build().unwrap();
    let error = M2mTokenSource::new(&clerk).unwrap().token().await.unwrap_err();
    assert!(error.kind() == M2mTokenErrorKind::Unreachable && error.to_string().contains("CLERK_API_URL"), "{error}");
}
