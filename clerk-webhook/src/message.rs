//! [`WebhookMessage`]: a verified webhook, and [`FromWebhook`]: the types that a handler can extract from it.

use std::fmt;

use bytes::Bytes;
use clerk_core::time::Timestamp;

use crate::{error::WebhookError, event::Event};

/// The id of a message, `msg_...`. It is the same for each delivery attempt, and at each of your endpoints.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageId(std::sync::Arc<str>);

/// A webhook whose signature and timestamp are verified.
///
/// ```
/// use clerk_webhook::{WebhookError, WebhookMessage};
///
/// fn handle(message: &WebhookMessage) -> Result<(), WebhookError> {
///     println!("{} of {:?}", message.id(), message.event()?.event_type());
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct WebhookMessage {
    id: MessageId,
    sent_at: Timestamp,
    payload: Bytes,
}

/// A type that a handler can extract from a verified webhook: the `T` of each framework's `Webhook<T>`.
///
/// Implement it for your own type, for example:
///
/// ```
/// use clerk_webhook::{EventData, FromWebhook, WebhookError, WebhookMessage};
///
/// /// The id of a deleted user; `None` for all other events.
/// struct DeletedUser(Option<String>);
///
/// impl FromWebhook for DeletedUser {
///     fn from_webhook(message: &WebhookMessage) -> Result<Self, WebhookError> {
///         Ok(Self(match message.event()?.data {
///             EventData::UserDeleted(user) => user.id,
///             _ => None,
///         }))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be extracted from a webhook",
    label = "this is not something that `Webhook<T>` can hold",
    note = "use `Event`, `MessageId`, `WebhookMessage` or a tuple of them; or implement `FromWebhook` for your type"
)]
pub trait FromWebhook: Sized {
    /// Extracts the value from a verified webhook.
    ///
    /// # Errors
    /// The response to send instead of calling the handler, such as [`WebhookError::unavailable`]. Clerk then repeats the
    /// message for more than a day, so return an error only if a later attempt can succeed.
    fn from_webhook(message: &WebhookMessage) -> Result<Self, WebhookError>;
}

impl WebhookMessage {
    pub(crate) const fn new(id: MessageId, sent_at: Timestamp, payload: Bytes) -> Self {
        Self { id, sent_at, payload }
    }

    /// The message's id.
    #[must_use]
    pub const fn id(&self) -> &MessageId {
        &self.id
    }

    /// The payload as JSON, untyped. A value that is nested more than 127 levels deep is its text;
    /// null if the payload is not JSON.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        clerk_types::parse_json(&self.payload).unwrap_or_default()
    }

    /// When Clerk made this delivery attempt, in whole seconds. For the time of the event see [`Event::timestamp`].
    #[must_use]
    pub const fn sent_at(&self) -> Timestamp {
        self.sent_at
    }

    /// The raw payload, as it was signed.
    #[must_use]
    pub const fn payload(&self) -> &Bytes {
        &self.payload
    }

    /// Parses the payload.
    ///
    /// # Errors
    /// When the payload is not a JSON object, which Clerk never sends. Every JSON object is a valid event.
    pub fn event(&self) -> Result<Event, WebhookError> {
        Event::parse(&self.payload)
    }
}

impl FromWebhook for WebhookMessage {
    fn from_webhook(message: &WebhookMessage) -> Result<Self, WebhookError> {
        Ok(message.clone())
    }
}

impl FromWebhook for MessageId {
    fn from_webhook(message: &WebhookMessage) -> Result<Self, WebhookError> {
        Ok(message.id.clone())
    }
}

impl FromWebhook for Event {
    fn from_webhook(message: &WebhookMessage) -> Result<Self, WebhookError> {
        message.event()
    }
}

macro_rules! tuples {
    ($(($($part:ident),+))*) => {
        $(
            #[diagnostic::do_not_recommend]
            impl<$($part: FromWebhook),+> FromWebhook for ($($part,)+) {
                fn from_webhook(message: &WebhookMessage) -> Result<Self, WebhookError> {
                    Ok(($($part::from_webhook(message)?,)+))
                }
            }
        )*
    };
}

tuples! { (A, B) (A, B, C) }

impl MessageId {
    pub(crate) fn new(id: &str) -> Self {
        Self(id.into())
    }

    /// The id: visible ASCII without a full stop, at most 255 bytes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageId({})", self.0)
    }
}

/// Without the payload, which holds personal data.
impl fmt::Debug for WebhookMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookMessage").field("id", &self.id).field("sent_at", &self.sent_at).finish_non_exhaustive()
    }
}
