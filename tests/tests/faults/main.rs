//! A JWKS endpoint with faults, before and after the first key was fetched. The calls have short timeouts, so that other
//! suites must not run at the same time.

mod cache;
mod policy;
mod scene;

use std::time::Duration;

use clerk_tests::{endpoint::Endpoint, switch::Behaviour};
use scene::{Scene, all_good, all_unavailable};

/// Each fault, and the number of requests of one fetch before there is a key.
async fn faults() -> Vec<(&'static str, Behaviour, usize)> {
    let target = Endpoint::json("{}").await;
    vec![
        ("dead: the connection closes", Behaviour::Resets, 3),
        ("hanging", Behaviour::Hangs, 1),
        ("slow drip", Behaviour::Drips, 1),
        ("401", Behaviour::status(401), 1),
        ("429", Behaviour::status(429), 3),
        ("429 with Retry-After in seconds", Behaviour::with_header(429, "retry-after: 2"), 1),
        (
            "503 with Retry-After as a date",
            Behaviour::with_header(503, "retry-after: Thu, 15 Jan 2026 12:00:02 GMT"),
            1,
        ),
        ("500", Behaviour::status(500), 3),
        ("200 with garbage", Behaviour::good("<html>"), 1),
        ("200 with empty keys", Behaviour::good(r#"{"keys":[]}"#), 1),
        ("200 with an unusable key", Behaviour::good(r#"{"keys":[{"kty":"EC","kid":"x"}]}"#), 1),
        ("100 MB body", Behaviour::Endless(100 << 20), 1),
        ("redirect", Behaviour::with_header(302, &format!("location: {}", target.url())), 1),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_first_key_requests_get_503_until_the_endpoint_recovers() {
    println!("| before the first key | 1000 responses | fetches | after recovery | fetches |\n|---|---|--:|---|--:|");
    for (name, fault, attempts) in faults().await {
        let scene = Scene::with(Some(fault), |builder| builder).await;
        let during = scene.send().await;
        let fetches = scene.endpoint.take_requests();
        // A key set without usable keys is valid: tokens are refused, which is not an outage.
        if name.contains("unusable") {
            assert_eq!((during.refused, fetches), (scene::REQUESTS, 1), "{name}");
            continue;
        }
        assert_eq!(during, all_unavailable(), "{name}");
        assert_eq!(fetches, attempts, "{name}");
        assert!(scene.clerk.ready().is_err(), "{name}");
        scene.endpoint.set_behaviour(scene.good());
        scene.clock.advance(Duration::from_secs(2));
        let after = scene.send().await;
        assert_eq!(after, all_good(), "{name}");
        let again = scene.endpoint.take_requests();
        assert_eq!(again, 1, "{name}");
        assert!(scene.clerk.ready().is_ok(), "{name}");
        println!("| {name} | {} x 503 | {fetches} | {} x 200 | {again} |", during.unavailable, after.good);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_first_key_requests_succeed_until_the_keys_are_too_old() {
    println!("| after the first key | new tokens, no waiting | cached | fetches | after 24 h |\n|---|---|---|--:|---|");
    for (name, fault, _) in faults().await {
        let scene = Scene::with(None, |builder| builder).await;
        scene.clerk.warm_up().await.unwrap();
        scene.endpoint.take_requests();
        scene.endpoint.set_behaviour(fault);
        scene.clock.advance(Duration::from_secs(5 * 60));
        let new = scene.send_now();
        assert_eq!(new, all_good(), "{name}");
        scene.endpoint.wait_for_request().await;
        let cached = scene.send_now();
        assert_eq!(cached, all_good(), "{name}");
        let fetches = scene.endpoint.take_requests();
        assert_eq!(fetches, 1, "{name}");
        assert!(scene.clerk.ready().is_ok(), "{name}: stale keys serve");
        scene.clock.advance(Duration::from_secs(24 * 3600));
        let late = scene.send().await;
        assert_eq!(late, all_unavailable(), "{name}");
        assert!(scene.clerk.ready().is_err(), "{name}");
        println!("| {name} | {} x 200 | {} x 200 | {fetches} | {} x 503 |", new.good, cached.good, late.unavailable);
    }
}
