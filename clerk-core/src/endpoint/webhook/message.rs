//! [`WebhookMessage`]: a webhook whose signature is good, and what a handler may take out of it.

use std::fmt;

use bytes::Bytes;

use super::{error::WebhookError, event::Event};
use crate::{auth::Denied, base::time::Timestamp};

/// The id of a message, `msg_...`: the same for each attempt to deliver it, and at each of your endpoints.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageId(std::sync::Arc<str>);

/// A webhook whose signature and timestamp are good.
///
/// ```
/// use clerk_core::webhook::{WebhookError, WebhookMessage};
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

/// A type that a handler can take out of a verified webhook: the `T` of each framework's `Webhook<T>`.
///
/// Implement it for a type of your own to name what your handlers need:
///
/// ```
/// use clerk_core::{
///     Denied,
///     webhook::{FromWebhook, WebhookMessage, event::{Event, EventData}},
/// };
///
/// /// The id of a user who is gone; `None` when the event is another one, which is no error.
/// struct Gone(Option<String>);
///
/// impl FromWebhook for Gone {
///     fn from_webhook(message: &WebhookMessage) -> Result<Self, Denied> {
///         Ok(Self(match message.event()?.data {
///             EventData::UserDeleted(user) => user.id,
///             _ => None,
///         }))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be taken out of a webhook",
    label = "this is not something that `Webhook<T>` can hold",
    note = "use `Event`, `MessageId`, `WebhookMessage` or a tuple of them; or implement `FromWebhook` for your type"
)]
pub trait FromWebhook: Sized {
    /// Takes the value out of a verified webhook.
    ///
    /// # Errors
    /// The refusal to answer with. Clerk then sends the message again, for more than a day: refuse only what you may be
    /// able to handle later.
    fn from_webhook(message: &WebhookMessage) -> Result<Self, Denied>;
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

    /// When this attempt to deliver the message was made, in whole seconds; when the event happened is in the
    /// [event](Event::timestamp).
    #[must_use]
    pub const fn sent_at(&self) -> Timestamp {
        self.sent_at
    }

    /// The raw payload, as it was signed.
    #[must_use]
    pub const fn payload(&self) -> &Bytes {
        &self.payload
    }

    /// The event that the payload tells of.
    ///
    /// # Errors
    /// When the payload is no JSON object, which Clerk never sends; whatever object it is, it is an event.
    pub fn event(&self) -> Result<Event, WebhookError> {
        Event::parse(&self.payload)
    }
}

impl FromWebhook for WebhookMessage {
    fn from_webhook(message: &WebhookMessage) -> Result<Self, Denied> {
        Ok(message.clone())
    }
}

impl FromWebhook for MessageId {
    fn from_webhook(message: &WebhookMessage) -> Result<Self, Denied> {
        Ok(message.id.clone())
    }
}

impl FromWebhook for Event {
    fn from_webhook(message: &WebhookMessage) -> Result<Self, Denied> {
        Ok(message.event()?)
    }
}

macro_rules! tuples {
    ($(($($part:ident),+))*) => {
        $(
            #[diagnostic::do_not_recommend]
            impl<$($part: FromWebhook),+> FromWebhook for ($($part,)+) {
                fn from_webhook(message: &WebhookMessage) -> Result<Self, Denied> {
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

    /// The id as Clerk writes it: visible ASCII without a full stop, 255 bytes at most.
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

/// Without the payload, which is somebody's data.
impl fmt::Debug for WebhookMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookMessage").field("id", &self.id).field("sent_at", &self.sent_at).finish_non_exhaustive()
    }
}
