//! Webhooks over real sockets, in three frameworks: what is accepted, what is refused, and what happens the second time.

mod conformance;
mod interrupted;
mod published;
mod redis;

use std::{sync::Arc, time::Duration};

use clerk_core::{
    WebhookSigningSecret,
    time::{ManualClock, Timestamp},
    webhook::{InMemoryDedupe, WebhookEndpoint},
};
use clerk_tests::webhooks::{Answer, Body, Delivery, FRAMEWORKS, Framework};

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

fn refused() -> Answer {
    Answer { status: 400, body: REFUSED.to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_reaches_its_handler_as_it_was_signed() {
    for framework in FRAMEWORKS {
        let (address, work) = framework.serve(endpoint(&clock()));
        let whole = delivery();
        let (start, end) = EVENT.split_at(20);
        let chunked = delivery().body(Body::Chunked(vec![start.to_owned(), end.to_owned()], true));
        for delivery in [whole, delivery().standard(), chunked] {
            let answer = delivery.answer(address).await;
            assert_eq!((answer.status, &*answer.body), (204, ""), "{framework:?} {delivery:?}");
        }
        assert_eq!(work.handled(), vec![format!("msg_1 user.deleted {EVENT}"); 3], "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_webhook_of_clerks_never_reaches_a_handler() {
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    let sent = |at| Delivery::signed(&secret(), "msg_1", at, EVENT);
    let signature = delivery().headers[2].1.clone();
    let mut refusals = vec![
        ("another secret", Delivery::signed(&other_secret(), "msg_1", NOW, EVENT)),
        ("another body", delivery().body(Body::Whole(format!("{EVENT} ")))),
        ("another body of the same length", delivery().body(Body::Whole(EVENT.replace("user_1", "user_2")))),
        ("another id", delivery().with("svix-id", "msg_2")),
        ("another time", delivery().with("svix-timestamp", &(NOW.unix_seconds() + 1).to_string())),
        ("the body says another boundary", delivery().with("svix-id", "msg_1.1768478400")),
        ("too old", sent(NOW - minutes(5) - Duration::from_secs(1))),
        ("too new", sent(NOW + minutes(5) + Duration::from_secs(1))),
        ("no number", delivery().with("svix-timestamp", "now")),
        ("not of the one form", delivery().with("svix-timestamp", &format!("0{}", NOW.unix_seconds()))),
        ("no version", delivery().with("svix-signature", signature.trim_start_matches("v1,"))),
        ("another version", delivery().with("svix-signature", &signature.replace("v1,", "v2,"))),
        ("a part of it", delivery().with("svix-signature", &signature[..20])),
        ("no signature at all", delivery().with("svix-signature", "v1,")),
        ("nothing", delivery().without("svix-id").without("svix-timestamp").without("svix-signature")),
        ("mixed", delivery().without("svix-id").with("webhook-id", "msg_1")),
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
                continue; // its handler here is our own, and takes what is always there
            }
            assert_eq!(delivery.answer(address).await, refused(), "{framework:?}: {name}");
        }
        assert!(work.handled().is_empty(), "{framework:?}");
        for edge in [sent(NOW - minutes(5)), sent(NOW + minutes(5))] {
            assert_eq!(edge.answer(address).await.status, 204, "{framework:?}: {edge:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_secrets_count_while_one_is_replaced() {
    for framework in FRAMEWORKS {
        let both = WebhookEndpoint::with_secrets([secret(), other_secret()]).unwrap().clock(clock());
        let (address, _) = framework.serve(both);
        let (alone, _) = framework.serve(endpoint(&clock()));
        let old = Delivery::signed(&other_secret(), "msg_1", NOW, EVENT);
        let signatures = format!("{} v1a,AAAA {}", old.headers[2].1, delivery().headers[2].1);
        for delivery in [delivery(), old.clone(), delivery().with("svix-signature", &signatures)] {
            assert_eq!(delivery.answer(address).await.status, 204, "{framework:?}");
        }
        assert_eq!(old.answer(alone).await, refused(), "{framework:?}");
        // Clerk signs with both.
        assert_eq!(delivery().with("svix-signature", &signatures).answer(alone).await.status, 204, "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_is_read_than_the_limit() {
    let just = format!(r#"{{"type":"user.deleted","data":{{"id":"{}"}}}}"#, "x".repeat(1000));
    let limit = just.len();
    let long = just.replace("xx\"", "xxx\"");
    let halves = |text: &str, ends| {
        let (start, end) = text.split_at(limit / 2);
        Body::Chunked(vec![start.to_owned(), end.to_owned()], ends)
    };
    for framework in FRAMEWORKS {
        let (address, work) = framework.serve(endpoint(&clock()).body_limit(limit));
        let [just_signed, long_signed] = [&just, &long].map(|body| Delivery::signed(&secret(), "msg_1", NOW, body));
        assert_eq!(just_signed.answer(address).await.status, 204, "{framework:?}");
        assert_eq!(just_signed.clone().body(halves(&just, true)).answer(address).await.status, 204, "{framework:?}");
        assert_eq!(long_signed.answer(address).await, refused(), "{framework:?}");
        // Answered without waiting for more: the body of these never ends.
        let endless = long_signed.clone().body(halves(&long, false));
        assert_eq!(endless.answer(address).await, refused(), "{framework:?}");
        let declared = long_signed.body(Body::Declared(long.len() as u64));
        assert_eq!(declared.answer(address).await, refused(), "{framework:?}");
        let huge = just_signed.clone().body(Body::Declared(u64::MAX / 2));
        assert_eq!(huge.answer(address).await, refused(), "{framework:?}");
        // Nor is the body of those read that send none of Clerk's headers.
        let stranger = Delivery { headers: Vec::new(), body: Body::Declared(10) };
        assert_eq!(stranger.answer(address).await, refused(), "{framework:?}");
        assert_eq!(work.handled().len(), 2, "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_handled_once() {
    for framework in FRAMEWORKS {
        let clock = clock();
        let (address, work) = framework.serve(endpoint(&clock).dedupe(InMemoryDedupe::default()));
        assert_eq!(delivery().answer(address).await.status, 204, "{framework:?}");
        clock.advance(Duration::from_secs(60));
        let again = Delivery::signed(&secret(), "msg_1", NOW + Duration::from_secs(60), EVENT);
        let answer = again.answer(address).await;
        assert_eq!((answer.status, &*answer.body), (200, ""), "{framework:?}");
        assert_eq!(again.clone().standard().answer(address).await.status, 200, "{framework:?}");
        assert_eq!(work.handled().len(), 1, "{framework:?}");
        // Not even a repeated one is looked up before its signature is good.
        assert_eq!(again.clone().with("svix-signature", "v1,AAAA").answer(address).await, refused(), "{framework:?}");
        assert_eq!(of_type("msg_2", "test").answer(address).await.status, 204, "{framework:?}");
        // A day later it may be handled again.
        clock.advance(Duration::from_secs(24 * 60 * 60));
        let late = Delivery::signed(&secret(), "msg_1", NOW + Duration::from_secs(60 + 24 * 60 * 60), EVENT);
        assert_eq!(late.answer(address).await.status, 204, "{framework:?}");
        assert_eq!(work.handled().len(), 3, "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_handler_sees_the_redelivery() {
    for framework in FRAMEWORKS {
        let (address, work) = framework.serve(endpoint(&clock()).dedupe(InMemoryDedupe::default()));
        work.fail(2);
        for (attempt, status) in [500, 500, 204, 200].into_iter().enumerate() {
            assert_eq!(delivery().answer(address).await.status, status, "{framework:?} {attempt}");
        }
        assert_eq!(work.handled().len(), 3, "{framework:?}");
        // A handler that panics has failed: not answered, or answered with 500.
        let panics = of_type("msg_2", "test.panics");
        for _ in 0..2 {
            let answer = panics.send(address, "/webhooks").await;
            assert!(answer.as_ref().is_none_or(|answer| answer.status == 500), "{framework:?} {answer:?}");
        }
        assert_eq!(work.handled().len(), 5, "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_deliveries_at_a_time_are_handled_once() {
    for framework in FRAMEWORKS {
        let (address, work) = framework.serve(endpoint(&clock()).dedupe(InMemoryDedupe::default()));
        let waits = of_type("msg_1", "test.waits");
        let first = tokio::spawn({
            let waits = waits.clone();
            async move { waits.answer(address).await.status }
        });
        while work.handled().is_empty() {
            tokio::task::yield_now().await;
        }
        let second = waits.answer(address).await;
        assert_eq!((second.status, &*second.body), (409, r#"{"errors":[{"code":"conflict","message":"Conflict"}]}"#));
        work.pass();
        assert_eq!(first.await.unwrap(), 204, "{framework:?}");
        assert_eq!(waits.answer(address).await.status, 200, "{framework:?}");
        assert_eq!(work.handled().len(), 1, "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_layer_is_an_error_and_no_open_door() {
    for framework in FRAMEWORKS {
        let (address, work) = framework.serve(endpoint(&clock()));
        let answer = delivery().send(address, "/unlayered").await.unwrap();
        assert_eq!(answer.status, 500, "{framework:?}");
        assert!(work.handled().is_empty(), "{framework:?}");
    }
}
