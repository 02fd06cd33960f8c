//! [`WebhookError`]: why a webhook is refused.

use std::fmt;

use crate::auth::Denied;

/// Why a webhook is refused. The sender only gets the status 400.
///
/// It holds no part of the secret, the signature or the payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WebhookError(WebhookErrorKind);

/// The cause of a [`WebhookError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WebhookErrorKind {
    /// The body ended early.
    BodyIncomplete,
    /// The body is larger than the endpoint's limit.
    BodyTooLarge,
    /// The body did not arrive in time.
    BodyTooSlow,
    /// This header is not a valid message id, timestamp or list of signatures.
    HeaderMalformed(&'static str),
    /// This header is missing or empty.
    HeaderMissing(&'static str),
    /// The payload is correctly signed, but is not a JSON object.
    PayloadMalformed,
    /// No signature matches one of the secrets.
    SignatureMismatch,
    /// The message was sent too far in the future.
    TimestampTooNew,
    /// The message was sent too long ago.
    TimestampTooOld,
}

impl WebhookError {
    /// The cause.
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
            WebhookErrorKind::BodyTooSlow => "the webhook's body did not arrive in time",
            WebhookErrorKind::HeaderMalformed(name) => return write!(f, "the webhook's header {name} is malformed"),
            WebhookErrorKind::HeaderMissing(name) => return write!(f, "the webhook has no header {name}"),
            WebhookErrorKind::PayloadMalformed => "the webhook's payload is not a JSON object",
            WebhookErrorKind::SignatureMismatch => {
                "no signature matches the endpoint's secrets: the sender is not Clerk, the secret belongs to another endpoint, or a proxy has changed the body"
            }
            WebhookErrorKind::TimestampTooNew => {
                "the webhook's timestamp is in the future: one of the clocks is wrong"
            }
            WebhookErrorKind::TimestampTooOld => {
                "the webhook was sent too long ago: it is a replay, or one of the clocks is wrong"
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
