//! Webhooks: no signing secret, signature or payload reaches the log.

use std::sync::Arc;

use clerk_core::{
    Clerk,
    time::{ManualClock, Timestamp},
};
use clerk_tests::{
    log::Log,
    webhooks::{Body, Delivery, FRAMEWORKS},
};
use clerk_webhook::{Event, InMemoryDedupe, TOLERANCE, WebhookEndpoint, WebhookSigningSecret, verify};

const NOW: Timestamp = Timestamp::from_unix_seconds(1_768_478_400);
const SECRETS: [&str; 2] =
    ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_dGhlLW5ldy1zZWNyZXQtb2YtdGhpcy1lbmRwb2ludA=="];
const MALFORMED: &str = "whsec_c2VjcmV0IHRoYXQgaXMgY29waWVkIHdyb25n!";

/// If this many characters of a secret or a signature appear in a row, it has leaked.
const WINDOW: usize = 12;

/// Texts in the payloads.
const PAYLOAD_TEXTS: [&str; 6] =
    ["alice@private.example", "code-424242", "ticket-of-a-link", "note-to-self", "192.0.2.77", "of-tomorrow"];

const EMAIL: &str = r#"{"type":"email.created","object":"event","event_attributes":{"http_request":{"client_ip":"192.0.2.77"}},"data":{
    "id":"ema_1","object":"email","slug":"verification_code","from_email_name":"x","delivered_by_clerk":false,
    "to_email_address":"alice@private.example","subject":"code-424242","body":"ticket-of-a-link","data":{"otp_code":"code-424242"},
    "new":"of-tomorrow"},"new":"of-tomorrow"}"#;
const USER: &str = r#"{"type":"user.created","data":{"id":"user_1","first_name":7,"private_metadata":{"a":"note-to-self"},
    "email_addresses":[{"email_address":"alice@private.example"}]}}"#;
const MALFORMED_EVENT: &str =
    r#"{"type":"user.created","data":{"id":["alice@private.example"],"private_metadata":{"a":"note-to-self"}}}"#;
const UNKNOWN: &str = r#"{"type":"of.another.kind","data":{"a":"note-to-self"},"instance_id":["ticket-of-a-link"]}"#;

struct NoHeaders;

impl clerk_core::adapter::HeaderSource for NoHeaders {
    fn visit<'a>(&'a self, _: &str, _: &mut dyn FnMut(&'a [u8])) {}

    fn visit_all<'a>(&'a self, _: &mut dyn FnMut(&'a str, &'a [u8])) {}
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_secret_is_logged_at_any_level() {
    let log = Log::listen().await;
    let secrets = SECRETS.map(|secret| secret.parse::<WebhookSigningSecret>().unwrap());
    let malformed = MALFORMED.parse::<WebhookSigningSecret>().unwrap_err();
    let builder = Clerk::builder().secret_key("sk_test_abcdefghijkl".parse().unwrap());
    let builder = builder.webhook_signing_secrets(secrets.clone()).clock(Arc::new(ManualClock::new(NOW)));
    tracing::info!(?malformed, %malformed, ?builder, ?secrets, "logged by an application");
    let clerk = builder.build().unwrap();
    let error = verify(&secrets, &NoHeaders, EMAIL, TOLERANCE, NOW).unwrap_err();
    tracing::info!(?clerk, ?error, %error, "logged by an application");
    let mut signatures = Vec::new();
    for framework in FRAMEWORKS {
        let endpoint = WebhookEndpoint::new(&clerk).unwrap().dedupe(InMemoryDedupe::default()).body_limit(2000);
        tracing::info!(?endpoint, "logged by an application");
        let (address, work) = framework.serve(endpoint);
        for (number, body) in [EMAIL, USER, MALFORMED_EVENT, UNKNOWN].into_iter().enumerate() {
            let id = format!("msg_{number}");
            let good = Delivery::signed(&secrets[number % 2], &id, NOW, body);
            let signature = good.headers[2].1.clone();
            let stale = Delivery::signed(&secrets[0], &id, NOW - TOLERANCE * 2, body);
            let cut = good.clone().body(Body::Whole(body[1..].to_owned()));
            let large = good.clone().body(Body::Chunked(vec!["x".repeat(1500), "x".repeat(1500)], false));
            let forged = good.clone().with("svix-signature", &signature.replace("v1,", "v1,x"));
            let no_id = good.clone().without("svix-id");
            for refused in [stale, cut, large, forged, no_id] {
                assert_eq!(refused.deliver(address).await.status, 400, "{framework:?} {refused:?}");
            }
            work.fail(1);
            for status in [500, 204, 200] {
                assert_eq!(good.deliver(address).await.status, status, "{framework:?} {number}");
            }
            signatures.push(signature.trim_start_matches("v1,").to_owned());
        }
    }
    for body in [EMAIL, USER, MALFORMED_EVENT, UNKNOWN] {
        let event = Event::parse(body.as_bytes()).unwrap();
        tracing::info!(?event, data = ?event.data, other = ?event.other, "logged by an application");
    }
    let text = log.text();
    for reason in [
        "a webhook is refused",
        "no signature matches",
        "too long ago",
        "larger than",
        "has no header svix-id",
        "id=msg_1",
        "of.another.kind",
        "whsec_***",
    ] {
        assert!(text.contains(reason), "{reason} should be in the log");
    }
    let secrets = SECRETS.map(|secret| secret.trim_start_matches("whsec_").to_owned());
    for secret in secrets.iter().chain(&signatures).chain([&MALFORMED.trim_start_matches("whsec_").to_owned()]) {
        for start in 0..=secret.len() - WINDOW {
            let window = &secret[start..start + WINDOW];
            assert!(!text.contains(window), "{window} of a secret or a signature was logged");
        }
    }
    for payload_text in PAYLOAD_TEXTS {
        assert!(!text.contains(payload_text), "{payload_text} was logged");
    }
    println!("no secret in {} bytes of log", text.len());
}
