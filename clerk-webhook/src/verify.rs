//! [`verify`]: checks the signature and the timestamp of a webhook.

use std::time::Duration;

use bytes::Bytes;
use clerk_core::{adapter::HeaderSource, config::WebhookSigningSecret, time::Timestamp};

use crate::{
    error::{WebhookError, WebhookErrorKind},
    headers::SignedHeaders,
    message::WebhookMessage,
};

/// The default [tolerance](crate::WebhookEndpoint::tolerance) of timestamps, before and after now: 5 minutes, as in Clerk's SDK.
pub const TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// Verifies a webhook: its signature over id, timestamp and raw body, with one of several secrets, and that it was sent
/// within the tolerance of `now`. The body is not parsed.
///
/// This function is the whole check. A [`WebhookEndpoint`](crate::WebhookEndpoint) calls it with its settings. See
/// [Clerk's page](https://clerk.com/docs/guides/development/webhooks/syncing) and the
/// [Standard Webhooks](https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md) specification.
///
/// ```
/// use clerk_core::time::Timestamp;
/// use clerk_webhook::{TOLERANCE, WebhookSigningSecret, verify};
/// # use clerk_core::adapter::HeaderSource;
/// # struct Headers([(&'static str, String); 3]);
/// # impl HeaderSource for Headers {
/// #     fn visit<'a>(&'a self, name: &str, visitor: &mut dyn FnMut(&'a [u8])) {
/// #         self.0.iter().filter(|(known, _)| *known == name).for_each(|(_, value)| visitor(value.as_bytes()));
/// #     }
/// #     fn visit_all<'a>(&'a self, _: &mut dyn FnMut(&'a str, &'a [u8])) {}
/// # }
///
/// let now = Timestamp::from_unix_seconds(1_768_478_400);
/// let secret: WebhookSigningSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse()?;
/// let body = r#"{"type":"user.deleted","object":"event","data":{"id":"user_1","deleted":true}}"#;
/// # let headers = Headers([
/// #     ("svix-id", "msg_1".to_owned()),
/// #     ("svix-timestamp", "1768478400".to_owned()),
/// #     ("svix-signature", secret.sign("msg_1", now, body.as_bytes())),
/// # ]);
/// let message = verify(&[secret], &headers, body, TOLERANCE, now)?;
/// assert_eq!(message.event()?.event_type(), "user.deleted");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When a header is missing or malformed, the message is too old or too new, or no signature matches one of the secrets.
pub fn verify(
    secrets: &[WebhookSigningSecret],
    headers: &dyn HeaderSource,
    body: impl Into<Bytes>,
    tolerance: Duration,
    now: Timestamp,
) -> Result<WebhookMessage, WebhookError> {
    let headers = SignedHeaders::read(headers)?;
    verify_signed(secrets, headers, body.into(), tolerance, now)
}

/// [`verify`] with parsed headers.
pub(crate) fn verify_signed(
    secrets: &[WebhookSigningSecret],
    headers: SignedHeaders,
    body: Bytes,
    tolerance: Duration,
    now: Timestamp,
) -> Result<WebhookMessage, WebhookError> {
    check_timestamp(&headers, tolerance, now)?;
    // Always compares all of them, so that the time it takes reveals nothing.
    let matches = secrets.iter().fold(false, |matches, secret| {
        matches | secret.matches(headers.id.as_str(), &headers.timestamp, &body, headers.signatures())
    });
    if !matches {
        return Err(WebhookErrorKind::SignatureMismatch.into());
    }
    Ok(WebhookMessage::new(headers.id, headers.sent_at, body))
}

/// Both limits are inclusive. `now` is rounded down to whole seconds, as the timestamp is.
pub(crate) fn check_timestamp(
    headers: &SignedHeaders,
    tolerance: Duration,
    now: Timestamp,
) -> Result<(), WebhookErrorKind> {
    let now = Timestamp::from_unix_seconds(now.unix_seconds());
    if headers.sent_at < now - tolerance {
        Err(WebhookErrorKind::TimestampTooOld)
    } else if headers.sent_at > now + tolerance {
        Err(WebhookErrorKind::TimestampTooNew)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::WebhookErrorKind as Kind;

    struct Headers(Vec<(String, String)>);

    impl HeaderSource for Headers {
        fn visit<'a>(&'a self, name: &str, visitor: &mut dyn FnMut(&'a [u8])) {
            self.0.iter().filter(|(known, _)| known == name).for_each(|(_, value)| visitor(value.as_bytes()));
        }

        fn visit_all<'a>(&'a self, _: &mut dyn FnMut(&'a str, &'a [u8])) {}
    }

    // The test message of the Standard Webhooks libraries.
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const SENT_AT: &str = "1614265330";
    const NOW: Timestamp = Timestamp::from_unix_seconds(1_614_265_330);
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    const OTHER: &str = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";
    const PAYLOAD: &[u8] = br#"{"test": 2432232314}"#;

    fn secret() -> WebhookSigningSecret {
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse().unwrap()
    }

    fn headers(family: &str, [id, sent_at, signature]: [&str; 3]) -> Headers {
        let pairs = [("id", id), ("timestamp", sent_at), ("signature", signature)];
        Headers(pairs.iter().map(|(name, value)| (format!("{family}-{name}"), (*value).to_owned())).collect())
    }

    fn outcome(
        headers: &Headers,
        secrets: &[WebhookSigningSecret],
        body: &'static [u8],
        now: Timestamp,
    ) -> Option<Kind> {
        verify(secrets, headers, body, TOLERANCE, now).err().map(|error| error.kind())
    }

    #[test]
    fn the_standard_test_message_is_verified_among_other_signatures() {
        let without_prefix = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse().unwrap();
        let foreign: WebhookSigningSecret = "whsec_YW5vdGhlci1zZWNyZXQtZm9yLXZlY3RvcnMtMDAwMiE=".parse().unwrap();
        let v2 = OTHER.replace("v1", "v2");
        for signatures in [
            SIGNATURE.to_owned(),
            format!("{OTHER} {v2} {SIGNATURE} {OTHER}"),
            format!("v1a,abc {SIGNATURE}"),
            format!(" {SIGNATURE} "),
        ] {
            for family in ["svix", "webhook"] {
                let headers = headers(family, [ID, SENT_AT, &signatures]);
                for secrets in [vec![secret()], vec![Clone::clone(&without_prefix)], vec![foreign.clone(), secret()]] {
                    assert_eq!(outcome(&headers, &secrets, PAYLOAD, NOW), None, "{family} {signatures}");
                }
                let only_foreign = std::slice::from_ref(&foreign);
                assert_eq!(outcome(&headers, only_foreign, PAYLOAD, NOW), Some(Kind::SignatureMismatch));
                assert_eq!(
                    outcome(&headers, &[secret()], br#"{"test": 2432232315}"#, NOW),
                    Some(Kind::SignatureMismatch)
                );
            }
        }
        assert_eq!(secret().sign(ID, NOW, PAYLOAD), SIGNATURE);
    }

    #[test]
    fn invalid_signatures_and_missing_headers_are_refused() {
        for signature in ["v1,dawfeoifkpqwoekfpqoekf", &SIGNATURE[..8], "v1,", "v1", ",", OTHER, &SIGNATURE[3..]] {
            let headers = headers("webhook", [ID, SENT_AT, signature]);
            assert_eq!(outcome(&headers, &[secret()], PAYLOAD, NOW), Some(Kind::SignatureMismatch), "{signature}");
        }
        for (position, name) in ["webhook-id", "webhook-timestamp", "webhook-signature"].into_iter().enumerate() {
            let mut headers = headers("webhook", [ID, SENT_AT, SIGNATURE]);
            headers.0[position].1 = " ".to_owned();
            assert_eq!(outcome(&headers, &[secret()], PAYLOAD, NOW), Some(Kind::HeaderMissing(name)));
            headers.0.remove(position);
            assert_eq!(outcome(&headers, &[secret()], PAYLOAD, NOW), Some(Kind::HeaderMissing(name)));
        }
        assert_eq!(outcome(&Headers(Vec::new()), &[secret()], PAYLOAD, NOW), Some(Kind::HeaderMissing("svix-id")));
        assert_eq!(
            outcome(&headers("svix", [ID, SENT_AT, SIGNATURE]), &[], PAYLOAD, NOW),
            Some(Kind::SignatureMismatch)
        );
    }

    #[test]
    fn a_timestamp_up_to_five_minutes_away_is_accepted() {
        let headers = headers("svix", [ID, SENT_AT, SIGNATURE]);
        for (millis, expected) in [
            (300_000, None),
            (300_999, None),
            (301_000, Some(Kind::TimestampTooOld)),
            (i64::MAX / 2, Some(Kind::TimestampTooOld)),
            (-300_000, None),
            (-300_001, Some(Kind::TimestampTooNew)),
            (i64::MIN / 2, Some(Kind::TimestampTooNew)),
        ] {
            let now = Timestamp::from_unix_millis(NOW.unix_millis().saturating_add(millis));
            assert_eq!(outcome(&headers, &[secret()], PAYLOAD, now), expected, "{millis} ms later");
        }
    }

    #[test]
    fn an_id_or_timestamp_in_another_form_is_refused() {
        for sent_at in ["hello", "+1614265330", "01614265330", "1614265330.0", "1614265330 0", "0x10", "-1", "1e9"] {
            let signature = secret().sign(ID, NOW, PAYLOAD);
            let headers = headers("svix", [ID, sent_at, &signature]);
            assert_eq!(outcome(&headers, &[secret()], PAYLOAD, NOW), Some(Kind::HeaderMalformed("svix-timestamp")));
        }
        let huge = headers("svix", [ID, "99999999999999999999", SIGNATURE]);
        assert_eq!(outcome(&huge, &[secret()], PAYLOAD, NOW), Some(Kind::HeaderMalformed("svix-timestamp")));
        for id in ["msg.1", "msg 1", "msg\u{e9}", &"m".repeat(256)] {
            let headers = headers("svix", [id, SENT_AT, &secret().sign(id, NOW, PAYLOAD)]);
            assert_eq!(outcome(&headers, &[secret()], PAYLOAD, NOW), Some(Kind::HeaderMalformed("svix-id")), "{id}");
        }
    }

    #[test]
    fn the_two_header_families_are_not_mixed() {
        let mut mixed = headers("svix", [ID, SENT_AT, SIGNATURE]);
        mixed.0[2].0 = "webhook-signature".to_owned();
        assert_eq!(outcome(&mixed, &[secret()], PAYLOAD, NOW), Some(Kind::HeaderMissing("svix-signature")));
        // Svix's headers win if both families are complete.
        let mut both = headers("svix", [ID, SENT_AT, OTHER]);
        both.0.extend(headers("webhook", [ID, SENT_AT, SIGNATURE]).0);
        assert_eq!(outcome(&both, &[secret()], PAYLOAD, NOW), Some(Kind::SignatureMismatch));
    }

    #[test]
    fn a_signature_is_not_shown() {
        let headers = SignedHeaders::read(&headers("svix", [ID, SENT_AT, SIGNATURE])).unwrap();
        let shown = format!("{headers:?}");
        assert!(shown.contains(ID) && shown.contains("Signature(***)") && !shown.contains("g0hM"), "{shown}");
        let bytes = format!("{:?}", headers.signatures().next().unwrap());
        assert!(!shown.contains(&bytes));
    }
}
