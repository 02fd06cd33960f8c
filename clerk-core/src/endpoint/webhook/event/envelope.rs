//! [`Event`]: what all webhooks have around their payload.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};

use super::{
    data::EventData,
    fields::{Fields, Json},
    payload::payload,
};
use crate::{
    base::time::Timestamp,
    endpoint::webhook::error::{WebhookError, WebhookErrorKind},
};

/// What happened, when, and in which instance.
///
/// ```
/// use clerk_core::webhook::event::{Event, EventData};
///
/// let event = Event::parse(br#"{
///     "type": "user.deleted", "object": "event", "timestamp": 1654012591835, "instance_id": "ins_123",
///     "data": { "id": "user_29wBMCtzATuFJut8jO2VNTVekS4", "object": "user", "deleted": true }
/// }"#)?;
/// assert_eq!(event.instance_id.as_deref(), Some("ins_123"));
/// assert!(matches!(event.data, EventData::UserDeleted(user) if user.deleted));
/// # Ok::<(), clerk_core::webhook::WebhookError>(())
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Event {
    /// What happened, and to what.
    pub data: EventData,
    /// When it happened; not when the webhook was sent.
    pub timestamp: Option<Timestamp>,
    /// The instance that it happened in, `ins_...`.
    pub instance_id: Option<String>,
    /// What is known of the request that made it happen.
    pub event_attributes: Option<EventAttributes>,
    /// Always `event`.
    pub object: Option<String>,
    /// Everything else that Clerk has sent.
    pub other: Fields,
}

payload! {
    /// What is known of how an event came about.
    pub struct EventAttributes {
        /// The request that made it happen, unless Clerk did it by itself.
        pub http_request: Option<HttpRequest>,
    }

    /// The request that made an event happen. A client says of itself what it likes.
    pub struct HttpRequest {
        /// The client's IP address.
        pub client_ip: Option<String>,
        /// The client's `User-Agent` header.
        pub user_agent: Option<String>,
    }
}

impl Event {
    /// The event that a payload tells of. Verify the payload before: see [`WebhookMessage::event`](crate::webhook::WebhookMessage::event).
    ///
    /// # Errors
    /// When the payload is no JSON object; whatever object it is, it is an event.
    pub fn parse(payload: &[u8]) -> Result<Self, WebhookError> {
        serde_json::from_slice::<Fields>(payload).map(Self::read).map_err(|_| WebhookErrorKind::PayloadMalformed.into())
    }

    /// Which type of event it is, such as `user.created`; empty if the payload does not say.
    #[must_use]
    pub fn event_type(&self) -> &str {
        self.data.event_type()
    }

    fn read(mut fields: Fields) -> Self {
        // Optional, all of them: none is ever a misfit.
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
        if self.data.is_there() {
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

/// Which event it is, and not what it says, which is somebody's data.
impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("data", &self.data)
            .field("timestamp", &self.timestamp)
            .field("instance_id", &self.instance_id)
            .finish_non_exhaustive()
    }
}
