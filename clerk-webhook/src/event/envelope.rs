//! [`Event`]: the members that all webhooks have in common.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};

use super::{
    data::EventData,
    fields::{Fields, Json},
    payload::payload,
};
use clerk_core::time::Timestamp;

use crate::error::{WebhookError, WebhookErrorKind};

/// What happened, when, and in which instance.
///
/// ```
/// use clerk_webhook::event::{Event, EventData};
///
/// let event = Event::parse(br#"{
///     "type": "user.deleted", "object": "event", "timestamp": 1654012591835, "instance_id": "ins_123",
///     "data": { "id": "user_29wBMCtzATuFJut8jO2VNTVekS4", "object": "user", "deleted": true }
/// }"#)?;
/// assert_eq!(event.instance_id.as_deref(), Some("ins_123"));
/// assert!(matches!(event.data, EventData::UserDeleted(user) if user.deleted));
/// # Ok::<(), clerk_webhook::WebhookError>(())
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Event {
    /// What happened, and to which object.
    pub data: EventData,
    /// When the event happened. The webhook may be sent later.
    pub timestamp: Option<Timestamp>,
    /// The id of the instance, `ins_...`.
    pub instance_id: Option<String>,
    /// The request that caused the event, if there was one.
    pub event_attributes: Option<EventAttributes>,
    /// Always `event`.
    pub object: Option<String>,
    /// All other members.
    pub other: Fields,
}

payload! {
    /// The cause of an event.
    pub struct EventAttributes {
        /// The request that caused the event; `None` if Clerk caused it.
        pub http_request: Option<HttpRequest>,
    }

    /// The request that caused an event. Its values come from the client, so do not trust them.
    pub struct HttpRequest {
        /// The client's IP address.
        pub client_ip: Option<String>,
        /// The client's `User-Agent` header.
        pub user_agent: Option<String>,
    }
}

impl Event {
    /// Parses a payload that is already verified: see
    /// [`WebhookMessage::event`](crate::WebhookMessage::event).
    ///
    /// # Errors
    /// When the payload is not a JSON object. Every JSON object is a valid event.
    pub fn parse(payload: &[u8]) -> Result<Self, WebhookError> {
        serde_json::from_slice::<Fields>(payload).map(Self::read).map_err(|_| WebhookErrorKind::PayloadMalformed.into())
    }

    /// The event type, such as `user.created`. Empty if the payload has none.
    #[must_use]
    pub fn event_type(&self) -> &str {
        self.data.event_type()
    }

    fn read(mut fields: Fields) -> Self {
        // All of them are optional, so none is ever an error.
        let event_type: Option<String> = fields.take("Event", "type").unwrap_or_default();
        let data: Option<Json> = fields.remove("data");
        Self {
            timestamp: fields.take("Event", "timestamp").unwrap_or_default(),
            instance_id: fields.take("Event", "instance_id").unwrap_or_default(),
            event_attributes: fields.take("Event", "event_attributes").unwrap_or_default(),
            object: fields.take("Event", "object").unwrap_or_default(),
            data: EventData::read(event_type.unwrap_or_default(), data),
            other: fields,
        }
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Fields::deserialize(deserializer).map(Self::read)
    }
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if !self.event_type().is_empty() {
            map.serialize_entry("type", self.event_type())?;
        }
        if let Some(object) = &self.object {
            map.serialize_entry("object", object)?;
        }
        if self.data.has_payload() {
            map.serialize_entry("data", &self.data)?;
        }
        if let Some(timestamp) = &self.timestamp {
            map.serialize_entry("timestamp", timestamp)?;
        }
        if let Some(instance_id) = &self.instance_id {
            map.serialize_entry("instance_id", instance_id)?;
        }
        if let Some(attributes) = &self.event_attributes {
            map.serialize_entry("event_attributes", attributes)?;
        }
        self.other.write(&mut map)?;
        map.end()
    }
}

/// Without the payload's content, which is personal data.
impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("data", &self.data)
            .field("timestamp", &self.timestamp)
            .field("instance_id", &self.instance_id)
            .finish_non_exhaustive()
    }
}
