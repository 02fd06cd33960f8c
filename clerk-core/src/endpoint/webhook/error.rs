//! [`WebhookError`]: why a webhook is not accepted.

use std::fmt;

use crate::auth::Denied;

/// A webhook that is not accepted; what the sender learns is 400 and nothing else.
///
/// Holds no part of the secret, the signature or the payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WebhookError(WebhookErrorKind);

/// Why a webhook is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WebhookErrorKind {
    /// The body ended early.
    BodyIncomplete,
    /// The body is larger than the endpoint's limit.
    BodyTooLarge,
    /// A header is there, and is no message id, no timestamp or no list of signatures.
    HeaderMalformed(&'static str),
    /// A header is missing, or empty.
    HeaderMissing(&'static str),
    /// The payload is signed, and is no JSON object.
    PayloadMalformed,
    /// No signature is of one of the secrets.
    SignatureMismatch,
    /// The message was sent too far in the future.
    TimestampTooNew,
    /// The message was sent too long ago.
    TimestampTooOld,
}

impl WebhookError {
    /// Why the webhook is not accepted.
    #[must_use]
    pub const fn kind(&self) -> WebhookErrorKind {
        self.0
    }
}

impl From<WebhookErrorKind> for WebhookError {
    fn from(kind: WebhookErrorKind) -> Self {
        Self(kind)
    }
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            WebhookErrorKind::BodyIncomplete => "the webhook's body ended early",
            WebhookErrorKind::BodyTooLarge => "the webhook's body is larger than the endpoint's limit",
            WebhookErrorKind::HeaderMalformed(name) => return write!(f, "the webhook's header {name} is malformed"),
            WebhookErrorKind::HeaderMissing(name) => return write!(f, "the webhook has no header {name}"),
            WebhookErrorKind::PayloadMalformed => "the webhook's payload is no JSON object",
            WebhookErrorKind::SignatureMismatch => {
                "no signature is of the endpoint's secrets: the sender is another one, the secret that of another endpoint, or something on the way has changed the body"
            }
            WebhookErrorKind::TimestampTooNew => {
                "the webhook's timestamp lies in the future: one of the clocks is off"
            }
            WebhookErrorKind::TimestampTooOld => {
                "the webhook was sent too long ago: it is a replay, or one of the clocks is off"
            }
        })
    }
}

impl std::error::Error for WebhookError {}

/// Refuses the webhook with 400, and logs why.
impl From<WebhookError> for Denied {
    fn from(error: WebhookError) -> Self {
        tracing::warn!(target: "clerk", reason = %error, "a webhook is refused");
        Self::webhook()
    }
}
