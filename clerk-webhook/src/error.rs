//! [`WebhookError`]: why a webhook is not handled, and the response to send.

use std::{fmt, time::Duration};

use clerk_core::{adapter::HttpResponse, internal::retry_after_header};

/// `Retry-After` when a store does not answer. Clerk's schedule of redeliveries does not depend on it.
pub(crate) const RETRY_AFTER: Duration = Duration::from_secs(5);

/// Why a webhook is not handled, with the [response](Self::response) to send.
///
/// The response does not show the cause; the log does. The error holds no part of the secret, the signature or the payload.
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
    /// Another request is handling the same message.
    Conflict,
    /// This header is not a valid message id, timestamp or list of signatures.
    HeaderMalformed(&'static str),
    /// This header is missing or empty.
    HeaderMissing(&'static str),
    /// The handler needs a verified webhook, but the layer for it is missing.
    LayerMissing,
    /// The payload is correctly signed, but is not a JSON object.
    PayloadMalformed,
    /// No signature matches one of the secrets.
    SignatureMismatch,
    /// The message was sent too far in the future.
    TimestampTooNew,
    /// The message was sent too long ago.
    TimestampTooOld,
    /// A store or a handler cannot tell at present, so Clerk must send the message again.
    Unavailable {
        /// How long the sender should wait. Clerk's schedule of redeliveries does not depend on it.
        retry_after: Duration,
    },
}

impl WebhookError {
    /// 503: the message cannot be handled at present. Clerk sends it again. The caller logs the cause.
    #[must_use]
    pub const fn unavailable(retry_after: Duration) -> Self {
        Self(WebhookErrorKind::Unavailable { retry_after })
    }

    /// 500: no layer has verified the webhook. Logs an error that names the fix.
    #[must_use]
    pub fn layer_missing(fix: &'static str) -> Self {
        tracing::error!(target: "clerk", fix, "a handler needs a webhook, but no layer verified the request");
        Self(WebhookErrorKind::LayerMissing)
    }

    /// The cause.
    #[must_use]
    pub const fn kind(&self) -> WebhookErrorKind {
        self.0
    }

    /// The HTTP status code: 409, 500 or 503 for the kinds that say so, 400 for every invalid message.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self.0 {
            WebhookErrorKind::Conflict => 409,
            WebhookErrorKind::LayerMissing => 500,
            WebhookErrorKind::Unavailable { .. } => 503,
            _ => 400,
        }
    }

    /// The response to send. Logs why an invalid message is refused.
    #[must_use]
    pub fn response(&self) -> HttpResponse {
        let body = match self.status() {
            409 => r#"{"errors":[{"code":"conflict","message":"Conflict"}]}"#,
            500 => r#"{"errors":[{"code":"internal","message":"Internal Server Error"}]}"#,
            503 => r#"{"errors":[{"code":"unavailable","message":"Service Unavailable"}]}"#,
            _ => {
                tracing::warn!(target: "clerk", reason = %self, "a webhook is refused");
                r#"{"errors":[{"code":"bad_request","message":"Bad Request"}]}"#
            }
        };
        let response = HttpResponse::new(self.status())
            .with_header("content-type", "application/json")
            .with_header("cache-control", "no-store")
            .with_body(body);
        match self.0 {
            WebhookErrorKind::Unavailable { retry_after } => {
                response.with_header("retry-after", retry_after_header(retry_after))
            }
            _ => response,
        }
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
            WebhookErrorKind::Conflict => "the same webhook is being handled already",
            WebhookErrorKind::HeaderMalformed(name) => return write!(f, "the webhook's header {name} is malformed"),
            WebhookErrorKind::HeaderMissing(name) => return write!(f, "the webhook has no header {name}"),
            WebhookErrorKind::LayerMissing => "no layer has verified the webhook",
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
            WebhookErrorKind::Unavailable { .. } => "the webhook cannot be handled at present",
        })
    }
}

impl std::error::Error for WebhookError {}
