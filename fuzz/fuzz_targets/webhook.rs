//! Unsigned webhooks are rejected, even with a valid format. Signed ones parse into an event that is written back
//! unchanged.
#![no_main]

use std::{sync::LazyLock, time::Duration};

use clerk_core::{adapter::HeaderSource, time::Timestamp};
use clerk_fuzz::NOW;
use clerk_webhook::{Event, TOLERANCE, WebhookEndpoint, WebhookErrorKind, WebhookSigningSecret, verify};
use serde_json::Value;

static SECRET: LazyLock<WebhookSigningSecret> =
    LazyLock::new(|| "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse().expect("a secret"));

struct Headers<'a>([(&'a str, &'a [u8]); 3]);

impl HeaderSource for Headers<'_> {
    fn visit<'a>(&'a self, name: &str, visitor: &mut dyn FnMut(&'a [u8])) {
        self.0.iter().filter(|(known, _)| *known == name).for_each(|(_, value)| visitor(value));
    }

    fn visit_all<'a>(&'a self, _: &mut dyn FnMut(&'a str, &'a [u8])) {}
}

/// Whether it is the same JSON. A whole number may be written in another way, and saturates.
fn is_kept(given: &Value, kept: &Value) -> bool {
    match (given, kept) {
        (Value::Object(given), Value::Object(kept)) => {
            given.len() == kept.len()
                && given.iter().all(|(name, member)| kept.get(name).is_some_and(|kept| is_kept(member, kept)))
        }
        (Value::Number(given), Value::Number(kept)) if given != kept => {
            let number = given.as_f64();
            number == kept.as_f64() || number.map(|number| number as i64) == kept.as_i64()
        }
        (Value::Array(given), Value::Array(kept)) => {
            given.len() == kept.len() && given.iter().zip(kept).all(|(given, kept)| is_kept(given, kept))
        }
        _ => given == kept,
    }
}

libfuzzer_sys::fuzz_target!(|input: ([&[u8]; 3], i16, &[u8])| {
    let ([id, timestamp, signatures], offset, body) = input;
    let now = Timestamp::from_unix_seconds(NOW);
    let secrets = std::slice::from_ref(&*SECRET);
    for [id_name, timestamp_name, signature_name] in
        [["svix-id", "svix-timestamp", "svix-signature"], ["webhook-id", "webhook-timestamp", "webhook-signature"]]
    {
        // Arbitrary headers, and headers that are valid except for the signature.
        let current = NOW.to_string();
        for (id, timestamp) in [(id, timestamp), (id, current.as_bytes()), (b"msg_1", current.as_bytes())] {
            let headers = Headers([(id_name, id), (timestamp_name, timestamp), (signature_name, signatures)]);
            let error = verify(secrets, &headers, body.to_vec(), TOLERANCE, now).expect_err("no valid signature");
            assert!(!error.to_string().is_empty());
        }
        let sent_at = Timestamp::from_unix_seconds(NOW + i64::from(offset));
        let (signature, text) = (SECRET.sign("msg_1", sent_at, body), sent_at.unix_seconds().to_string());
        let signature = [signatures, b" ", signature.as_bytes()].concat();
        let headers = Headers([(id_name, b"msg_1"), (timestamp_name, text.as_bytes()), (signature_name, &signature)]);
        let verified = verify(secrets, &headers, body.to_vec(), TOLERANCE, now);
        let recent = u64::from(offset.unsigned_abs()) <= TOLERANCE.as_secs();
        assert_eq!(verified.is_ok(), recent, "a valid signature counts beside invalid ones");
        let limited = WebhookEndpoint::with_secrets([SECRET.clone()]).expect("an endpoint").tolerance(Duration::MAX);
        let limited = limited.body_limit(body.len().saturating_sub(1));
        let rejected = limited.verify(&headers, body.to_vec());
        assert!(body.is_empty() || rejected.is_err_and(|error| error.kind() == WebhookErrorKind::BodyTooLarge));
        let Ok(message) = verified else { continue };
        assert_eq!(&**message.payload(), body);
    }
    let given = serde_json::from_slice::<Value>(body);
    if let Ok(event) = Event::parse(body) {
        let _ = format!("{event:?}");
        let printed = serde_json::to_vec(&event).expect("an event can be printed");
        let reparsed = Event::parse(&printed).expect("a printed event");
        assert_eq!(serde_json::to_vec(&reparsed).expect("an event can be printed"), printed);
        if let (Ok(given), Ok(printed)) = (given, serde_json::from_slice::<Value>(&printed)) {
            assert!(is_kept(&given, &printed), "{given} became {printed}");
        }
    } else {
        assert!(given.is_ok_and(|given| !given.is_object()) || serde_json::from_slice::<Value>(body).is_err());
    }
});
