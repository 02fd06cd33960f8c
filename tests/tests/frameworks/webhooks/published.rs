//! Published signatures, which were not made by this implementation.

use clerk_core::{adapter::HeaderSource, time::Timestamp};
use clerk_webhook::{TOLERANCE, WebhookSigningSecret, verify};

struct Headers<'a>([(&'a str, &'a str); 3]);

impl HeaderSource for Headers<'_> {
    fn visit<'a>(&'a self, name: &str, visitor: &mut dyn FnMut(&'a [u8])) {
        self.0.iter().filter(|(known, _)| *known == name).for_each(|(_, value)| visitor(value.as_bytes()));
    }

    fn visit_all<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8])) {
        self.0.iter().for_each(|(name, value)| visitor(name, value.as_bytes()));
    }
}

struct Published {
    secret: &'static str,
    id: &'static str,
    timestamp: i64,
    body: &'static str,
    signature: &'static str,
}

/// The example of Svix's documentation on manual verification, which the Standard Webhooks libraries use in tests, too.
const PUBLISHED: &[Published] = &[Published {
    secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
    timestamp: 1_614_265_330,
    body: r#"{"test": 2432232314}"#,
    signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}];

/// The secret has 18 bytes; the specification requires 24 to 64.
#[test]
fn a_published_secret_that_is_too_short_is_refused() {
    assert!("whsec_plJ3nmyCDGBKInavdOK15jsl".parse::<WebhookSigningSecret>().is_err());
}

#[test]
fn published_signatures_are_valid() {
    for Published { secret, id, timestamp, body, signature } in PUBLISHED {
        let key: WebhookSigningSecret = secret.parse().unwrap();
        let now = Timestamp::from_unix_seconds(*timestamp);
        assert_eq!(key.sign(id, now, body.as_bytes()), *signature);
        for [id_name, timestamp_name, signature_name] in
            [["svix-id", "svix-timestamp", "svix-signature"], ["webhook-id", "webhook-timestamp", "webhook-signature"]]
        {
            let timestamp = timestamp.to_string();
            let headers = Headers([(id_name, id), (timestamp_name, &timestamp), (signature_name, signature)]);
            let message = verify(std::slice::from_ref(&key), &headers, *body, TOLERANCE, now).unwrap();
            assert_eq!((message.id().as_str(), message.sent_at(), &**message.payload()), (*id, now, body.as_bytes()));
        }
    }
}
