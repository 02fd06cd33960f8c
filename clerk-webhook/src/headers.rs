//! [`SignedHeaders`]: the three headers of a signed webhook, with Svix's or Standard Webhooks' names.

use std::borrow::Cow;

use base64::Engine;
use clerk_core::{
    adapter::{HeaderSource, RequestView},
    time::Timestamp,
};

use crate::{error::WebhookErrorKind, message::MessageId};

/// The names of Svix, which Clerk sends, and those of [Standard Webhooks](https://www.standardwebhooks.com).
const HEADER_FAMILIES: [[&str; 3]; 2] =
    [["svix-id", "svix-timestamp", "svix-signature"], ["webhook-id", "webhook-timestamp", "webhook-signature"]];

/// The longest message id in bytes. Clerk's ids have 31.
const MAX_ID: usize = 255;

/// The values of the headers. The signature is not verified yet.
#[derive(Debug)]
pub(crate) struct SignedHeaders {
    pub(crate) id: MessageId,
    /// The text that was signed; the same moment as `sent_at`.
    pub(crate) timestamp: Box<str>,
    pub(crate) sent_at: Timestamp,
    /// The signatures of version 1. Never logged: an attacker could use one to send the message again.
    signatures: Vec<Signature>,
}

pub(crate) struct Signature(pub(crate) [u8; 32]);

impl SignedHeaders {
    /// Reads the first complete family of headers, Svix's first. Families are never mixed.
    pub(crate) fn read(headers: &dyn HeaderSource) -> Result<Self, WebhookErrorKind> {
        let view = RequestView::new("POST", "/", headers);
        let families = HEADER_FAMILIES.map(|names| names.map(|name| (name, view.header(name))));
        let complete = families.iter().find(|family| family.iter().all(|(_, value)| value.is_some()));
        match complete {
            Some([(id_name, Some(id)), (timestamp_name, Some(timestamp)), (_, Some(signatures))]) => {
                let id = parse_id(id).ok_or(WebhookErrorKind::HeaderMalformed(id_name))?;
                let (timestamp, sent_at) =
                    parse_timestamp(timestamp).ok_or(WebhookErrorKind::HeaderMalformed(timestamp_name))?;
                Ok(Self { id, timestamp, sent_at, signatures: parse_v1_signatures(signatures) })
            }
            _ => Err(WebhookErrorKind::HeaderMissing(first_missing(&families))),
        }
    }

    pub(crate) fn signatures(&self) -> impl Iterator<Item = &[u8; 32]> {
        self.signatures.iter().map(|signature| &signature.0)
    }
}

impl std::fmt::Debug for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signature(***)")
    }
}

/// The header names of one family with their values in the request.
type Family<'a> = [(&'static str, Option<Cow<'a, str>>); 3];

/// The first missing name, in the family of which the request has at least one header.
fn first_missing(families: &[Family<'_>; 2]) -> &'static str {
    let incomplete = families.iter().find(|family| family.iter().any(|(_, value)| value.is_some()));
    let family = incomplete.unwrap_or(&families[0]);
    family.iter().find(|(_, value)| value.is_none()).map_or(family[0].0, |(name, _)| name)
}

/// Parses the id. It may hold no full stop, which could move the boundary between the signed parts
/// ([Standard Webhooks, signature scheme](https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme)).
fn parse_id(text: &str) -> Option<MessageId> {
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'.');
    (plain && text.len() <= MAX_ID).then(|| MessageId::new(text))
}

/// Parses whole seconds in their only canonical form, so that number and text are equivalent.
fn parse_timestamp(text: &str) -> Option<(Box<str>, Timestamp)> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit()) && text.len() <= 15;
    let leading_zero = text.len() > 1 && text.starts_with('0');
    let seconds = text.parse().ok().filter(|_| digits && !leading_zero)?;
    Some((text.into(), Timestamp::from_unix_seconds(seconds)))
}

/// Parses `v1,<base64>` entries, separated by spaces. Other versions are ignored.
fn parse_v1_signatures(text: &str) -> Vec<Signature> {
    let signatures = text.split(' ').filter_map(|entry| {
        let mut parts = entry.split(',');
        (parts.next() == Some("v1")).then(|| parts.next())?
    });
    signatures.filter_map(decode_signature).map(Signature).collect()
}

/// Decodes one signature; `None` unless it has exactly the sender's form: base64 with padding.
fn decode_signature(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 33]; // three bytes are decoded at a time
    let length = base64::engine::general_purpose::STANDARD.decode_slice(text, &mut bytes).ok()?;
    bytes[..length].try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_has_one_valid_form() {
        let text = "WPcF7sTmApo/s46HqaPgbNGS4jIw4vNu2sJtOe2m2wA=";
        assert!(decode_signature(text).is_some());
        for other in
            ["", "WPcF7sTm", &text[..43], &text.replace('/', "_"), &format!("{text}AAAA"), &text.replace("wA=", "wB=")]
        {
            assert!(decode_signature(other).is_none(), "{other}");
        }
    }
}
