//! The three headers that a webhook's signature needs, under either of their names.

use std::borrow::Cow;

use super::{error::WebhookErrorKind, message::MessageId};
use crate::{
    base::time::Timestamp,
    config::webhook_secret,
    flow::{HeaderSource, RequestView},
};

/// Svix's names, which Clerk sends, and those of [Standard Webhooks](https://www.standardwebhooks.com).
const FAMILIES: [[&str; 3]; 2] =
    [["svix-id", "svix-timestamp", "svix-signature"], ["webhook-id", "webhook-timestamp", "webhook-signature"]];

/// The longest message id in bytes; Clerk's have 31.
const MAX_ID: usize = 255;

/// What the headers say, unverified.
#[derive(Debug)]
pub(crate) struct SignedHeaders {
    pub(crate) id: MessageId,
    /// As it was signed; [`Timestamp`] means the same.
    pub(crate) timestamp: Box<str>,
    pub(crate) sent_at: Timestamp,
    /// Those of the version that is known here. Never shown: whoever has one can send the message again.
    signatures: Vec<Signature>,
}

pub(crate) struct Signature(pub(crate) [u8; 32]);

impl SignedHeaders {
    /// The headers of the family that is complete, Svix's first; they are never mixed.
    pub(crate) fn read(headers: &dyn HeaderSource) -> Result<Self, WebhookErrorKind> {
        let view = RequestView::new("POST", "/", headers);
        let families = FAMILIES.map(|names| names.map(|name| (name, view.header(name))));
        let complete = families.iter().find(|family| family.iter().all(|(_, value)| value.is_some()));
        match complete {
            Some([(id_name, Some(id)), (timestamp_name, Some(timestamp)), (_, Some(signatures))]) => {
                let id = message_id(id).ok_or(WebhookErrorKind::HeaderMalformed(id_name))?;
                let (timestamp, sent_at) =
                    canonical(timestamp).ok_or(WebhookErrorKind::HeaderMalformed(timestamp_name))?;
                Ok(Self { id, timestamp, sent_at, signatures: of_version_1(signatures) })
            }
            _ => Err(WebhookErrorKind::HeaderMissing(missing(&families))),
        }
    }

    pub(crate) fn signatures(&self) -> impl Iterator<Item = &[u8; 32]> {
        self.signatures.iter().map(|signature| &signature.0)
    }
}

/// Names with what the request has under them.
type Family<'a> = [(&'static str, Option<Cow<'a, str>>); 3];

/// The first name that is missing, in the family that the request has something of.
fn missing(families: &[Family<'_>; 2]) -> &'static str {
    let begun = families.iter().find(|family| family.iter().any(|(_, value)| value.is_some()));
    let family = begun.unwrap_or(&families[0]);
    family.iter().find(|(_, value)| value.is_none()).map_or(family[0].0, |(name, _)| name)
}

/// The id. A full stop in it could move the boundary between the signed parts
/// ([Standard Webhooks, signature scheme](https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme)).
fn message_id(text: &str) -> Option<MessageId> {
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'.');
    (plain && text.len() <= MAX_ID).then(|| MessageId::new(text))
}

/// Whole seconds in the one way that a sender writes them, so that the number and its text say the same.
fn canonical(text: &str) -> Option<(Box<str>, Timestamp)> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit()) && text.len() <= 15;
    let leading_zero = text.len() > 1 && text.starts_with('0');
    let seconds = text.parse().ok().filter(|_| digits && !leading_zero)?;
    Some((text.into(), Timestamp::from_unix_seconds(seconds)))
}

/// `v1,<base64>`, separated by spaces. Signatures of other versions are there for others.
fn of_version_1(text: &str) -> Vec<Signature> {
    let signatures = text.split(' ').filter_map(|entry| {
        let mut parts = entry.split(',');
        (parts.next() == Some("v1")).then(|| parts.next())?
    });
    signatures.filter_map(webhook_secret::signature).map(Signature).collect()
}

impl std::fmt::Debug for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signature(***)")
    }
}
