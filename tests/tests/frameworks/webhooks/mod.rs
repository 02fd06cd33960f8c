//! Webhooks over real sockets, in three frameworks: which are accepted, which are refused, and how duplicates are handled.

mod failover;
mod interrupted;
mod objects;
mod published;
mod redis;

use std::{sync::Arc, time::Duration};

use clerk_core::time::{ManualClock, Timestamp};
use clerk_tests::webhooks::{Body, Delivery, FRAMEWORKS, Framework, WebhookResponse};
use clerk_webhook::{InMemoryDedupe, WebhookEndpoint, WebhookSigningSecret};

const NOW: Timestamp = Timestamp::from_unix_seconds(1_768_478_400);
const REFUSED: &str = r#"{"errors":[{"code":"bad_request","message":"Bad Request"}]}"#;
const EVENT: &str =
    r#"{"type":"user.deleted","object":"event", "data":{"id":"user_1","object":"user","deleted":true}}"#;

fn secret() -> WebhookSigningSecret {
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse().unwrap()
}

fn other_secret() -> WebhookSigningSecret {
    "whsec_dGhlLW5ldy1zZWNyZXQtb2YtdGhpcy1lbmRwb2ludA==".parse().unwrap()
}

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(NOW))
}

fn endpoint(clock: &Arc<ManualClock>) -> WebhookEndpoint {
    WebhookEndpoint::with_secrets([secret()]).unwrap().clock(Arc::<ManualClock>::clone(clock))
}

fn delivery() -> Delivery {
    Delivery::signed(&secret(), "msg_1", NOW, EVENT)
}

fn of_type(id: &str, event_type: &str) -> Delivery {
    Delivery::signed(&secret(), id, NOW, &format!(r#"{{"type":"{event_type}","data":{{}}}}"#))
}

fn refused() -> WebhookResponse {
    WebhookResponse { status: 400, body: REFUSED.to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_handler_gets_the_signed_body_unchanged() {
    for framework in FRAMEWORKS {
        let (address, work) = framework.serve(endpoint(&clock()));
        let whole = delivery();
        let (start, end) = EVENT.split_at(20);
        let chunked = delivery().body(Body::Chunked(vec![start.to_owned(), end.to_owned()], true));
        for delivery in [whole, delivery().standard(), chunked] {
            let response = delivery.deliver(address).await;
            assert_eq!((response.status, &*response.body), (204, ""), "{framework:?} {delivery:?}");
        }
        assert_eq!(work.handled(), vec![format!("msg_1 user.deleted {EVENT}"); 3], "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_webhooks_do_not_reach_the_handler() {
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    let sent = |at| Delivery::signed(&secret(), "msg_1", at, EVENT);
    let signature = delivery().headers[2].1.clone();
    let mut refusals = vec![
        ("another secret", Delivery::signed(&other_secret(), "msg_1", NOW, EVENT)),
        ("another body", delivery().body(Body::Whole(format!("{EVENT} ")))),
        ("another body of the same length", delivery().body(Body::Whole(EVENT.replace("user_1", "user_2")))),
        ("another id", delivery().with("svix-id", "msg_2")),
        ("another time", delivery().with("svix-timestamp", &(NOW.unix_seconds() + 1).to_string())),
        ("the timestamp inside the id", delivery().with("svix-id", "msg_1.1768478400")),
        ("too old", sent(NOW - minutes(5) - Duration::from_secs(1))),
        ("too new", sent(NOW + minutes(5) + Duration::from_secs(1))),
        ("no number", delivery().with("svix-timestamp", "now")),
        ("a timestamp with a leading zero", delivery().with("svix-timestamp", &format!("0{}", NOW.unix_seconds()))),
        ("no version", delivery().with("svix-signature", signature.trim_start_matches("v1,"))),
        ("another version", delivery().with("svix-signature", &signature.replace("v1,", "v2,"))),
        ("a part of the signature", delivery().with("svix-signature", &signature[..20])),
        ("no signature at all", delivery().with("svix-signature", "v1,")),
        ("no headers", delivery().without("svix-id").without("svix-timestamp").without("svix-signature")),
        ("mixed header names", delivery().without("svix-id").with("webhook-id", "msg_1")),
        ("no JSON", Delivery::signed(&secret(), "msg_1", NOW, "hello")),
        ("no object", Delivery::signed(&secret(), "msg_1", NOW, "[]")),
    ];
    for name in ["svix-id", "svix-timestamp", "svix-signature"] {
        refusals.push((name, delivery().without(name)));
        refusals.push((name, delivery().with(name, "")));
    }
    for framework in FRAMEWORKS {
        let (address, work) = framework.serve(endpoint(&clock()));
        for (name, delivery) in &refusals {
            if framework == Framework::Tower && ["no JSON", "no object"].contains(name) {
                continue; // this handler reads no event from the message
            }
            assert_eq!(delivery.deliver(address).await, refused(), "{framework:?}: {name}");
        }
        assert!(work.handled().is_empty(), "{framework:?}");
        for edge in [sent(NOW - minutes(5)), sent(NOW + minutes(5))] {
            assert_eq!(edge.deliver(address).await.status, 204, "{framework:?}: {edge:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn during_a_rotation_both_secrets_are_accepted() {
    for framework in FRAMEWORKS {
        let both = WebhookEndpoint::with_secrets([secret(), other_secret()]).unwrap().clock(clock());
        let (address, _) = framework.serve(both);
        let (alone, _) = framework.serve(endpoint(&clock()));
        let old = Delivery::signed(&other_secret(), "msg_1", NOW, EVENT);
        let signatures = format!("{} v1a,AAAA {}", old.headers[2].1, delivery().headers[2].1);
        for delivery in [delivery(), old.clone(), delivery().with("svix-signature", &signatures)] {
            assert_eq!(delivery.deliver(address).await.status, 204, "{framework:?}");
        }
        assert_eq!(old.deliver(alone).await, refused(), "{framework:?}");
        // During a rotation Clerk sends a signature of each secret.
        assert_eq!(delivery().with("svix-signature", &signatures).deliver(alone).await.status, 204, "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_are_read_up_to_the_limit() {
    let short = format!(r#"{{"type":"user.deleted","data":{{"id":"{}"}}}}"#, "x".repeat(1000));
    let limit = short.len();
    let long = short.replace("xx\"", "xxx\"");
    let halves = |text: &str, ends| {
        let (start, end) = text.split_at(limit / 2);
        Body::Chunked(vec![start.to_owned(), end.to_owned()], ends)
    };
    for framework in FRAMEWORKS {
        let (address, work) = framework.serve(endpoint(&clock()).body_limit(limit));
        let [short_signed, long_signed] = [&short, &long].map(|body| Delivery::signed(&secret(), "msg_1", NOW, body));
        assert_eq!(short_signed.deliver(address).await.status, 204, "{framework:?}");
        assert_eq!(short_signed.clone().body(halves(&short, true)).deliver(address).await.status, 204, "{framework:?}");
        assert_eq!(long_signed.deliver(address).await, refused(), "{framework:?}");
        // These bodies never end; the response comes without waiting for the rest.
        let endless = long_signed.clone().body(halves(&long, false));
        assert_eq!(endless.deliver(address).await, refused(), "{framework:?}");
        let declared = long_signed.body(Body::Declared(long.len() as u64));
        assert_eq!(declared.deliver(address).await, refused(), "{framework:?}");
        let huge = short_signed.clone().body(Body::Declared(u64::MAX / 2));
        assert_eq!(huge.deliver(address).await, refused(), "{framework:?}");
        // Without Clerk's headers the body is not read at all.
        let unsigned = Delivery { headers: Vec::new(), body: Body::Declared(10) };
        assert_eq!(unsigned.deliver(address).await, refused(), "{framework:?}");
        assert_eq!(work.handled().len(), 2, "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_handled_once() {
    for framework in FRAMEWORKS {
        let clock = clock();
        let (address, work) = framework.serve(endpoint(&clock).dedupe(InMemoryDedupe::default()));
        assert_eq!(delivery().deliver(address).await.status, 204, "{framework:?}");
        clock.advance(Duration::from_secs(60));
        let again = Delivery::signed(&secret(), "msg_1", NOW + Duration::from_secs(60), EVENT);
        let response = again.deliver(address).await;
        assert_eq!((response.status, &*response.body), (200, ""), "{framework:?}");
        assert_eq!(again.clone().standard().deliver(address).await.status, 200, "{framework:?}");
        assert_eq!(work.handled().len(), 1, "{framework:?}");
        // The signature is checked before the duplicate is looked up.
        assert_eq!(again.clone().with("svix-signature", "v1,AAAA").deliver(address).await, refused(), "{framework:?}");
        assert_eq!(of_type("msg_2", "test").deliver(address).await.status, 204, "{framework:?}");
        // A day later it may be handled again.
        clock.advance(Duration::from_secs(24 * 60 * 60));
        let late = Delivery::signed(&secret(), "msg_1", NOW + Duration::from_secs(60 + 24 * 60 * 60), EVENT);
        assert_eq!(late.deliver(address).await.status, 204, "{framework:?}");
        assert_eq!(work.handled().len(), 3, "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_failure_the_handler_gets_the_redelivery() {
    for framework in FRAMEWORKS {
        let (address, work) = framework.serve(endpoint(&clock()).dedupe(InMemoryDedupe::default()));
        work.fail(2);
        for (attempt, status) in [500, 500, 204, 200].into_iter().enumerate() {
            assert_eq!(delivery().deliver(address).await.status, status, "{framework:?} {attempt}");
        }
        assert_eq!(work.handled().len(), 3, "{framework:?}");
        // A handler that panics has failed: no response, or 500.
        let panics = of_type("msg_2", "test.panics");
        for _ in 0..2 {
            let response = panics.send(address, "/webhooks").await;
            assert!(response.as_ref().is_none_or(|response| response.status == 500), "{framework:?} {response:?}");
        }
        assert_eq!(work.handled().len(), 5, "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_deliveries_of_a_message_are_handled_once() {
    for framework in FRAMEWORKS {
        let (address, work) = framework.serve(endpoint(&clock()).dedupe(InMemoryDedupe::default()));
        let waits = of_type("msg_1", "test.waits");
        let first = tokio::spawn({
            let waits = waits.clone();
            async move { waits.deliver(address).await.status }
        });
        while work.handled().is_empty() {
            tokio::task::yield_now().await;
        }
        let second = waits.deliver(address).await;
        assert_eq!((second.status, &*second.body), (409, r#"{"errors":[{"code":"conflict","message":"Conflict"}]}"#));
        work.pass();
        assert_eq!(first.await.unwrap(), 204, "{framework:?}");
        assert_eq!(waits.deliver(address).await.status, 200, "{framework:?}");
        assert_eq!(work.handled().len(), 1, "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_layer_the_response_is_500() {
    for framework in FRAMEWORKS {
        let (address, work) = framework.serve(endpoint(&clock()));
        let response = delivery().send(address, "/unlayered").await.unwrap();
        assert_eq!(response.status, 500, "{framework:?}");
        assert!(work.handled().is_empty(), "{framework:?}");
    }
}
