//! [`Event`]: the members that all webhooks have in common.

use std::fmt;

use clerk_types::{
    Field, Mismatch, OtherFields, Reading, Timestamp, parse_json,
    webhook::{Envelope, EventAttributes},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::{Map, Value};

use super::data::{EventData, log_differences};
use crate::error::{WebhookError, WebhookErrorKind};

/// What happened, when, and in which instance.
///
/// ```
/// use clerk_webhook::event::{Event, EventData};
///
/// let event = Event::parse(br#"{
///     "type": "user.deleted", "object": "event",
///     "timestamp": 1654012591835, "instance_id": "ins_123",
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
    pub other: OtherFields,
}

impl Event {
    /// Parses a payload that is already verified: see
    /// [`WebhookMessage::event`](crate::WebhookMessage::event).
    ///
    /// # Errors
    /// When the payload is not a JSON object. Every JSON object is a valid event.
    pub fn parse(payload: &[u8]) -> Result<Self, WebhookError> {
        let malformed = WebhookErrorKind::PayloadMalformed;
        Self::read(parse_json(payload).map_err(|_| malformed)?).map_err(|_| malformed.into())
    }

    /// The event type, such as `user.created`. Empty if the payload has none.
    #[must_use]
    pub fn event_type(&self) -> &str {
        self.data.event_type()
    }

    fn read(json: Value) -> Result<Self, Mismatch> {
        let mut reading = Reading::lenient();
        let envelope = Envelope::read(json, &mut reading)?;
        log_differences(envelope.kind.as_deref().unwrap_or_default(), &reading);
        Ok(Self {
            data: EventData::read(envelope.kind, envelope.data),
            timestamp: envelope.timestamp,
            instance_id: envelope.instance_id,
            event_attributes: envelope.event_attributes,
            object: envelope.object,
            other: envelope.other,
        })
    }

    fn to_envelope(&self) -> Result<Envelope, Mismatch> {
        let mut envelope = Envelope::from_value(Map::new().into())?;
        envelope.kind = match &self.data {
            EventData::Unknown(unknown) => unknown.event_type.clone(),
            data => Some(data.event_type().to_owned()),
        };
        envelope.data = self.data.to_value();
        envelope.timestamp = self.timestamp;
        envelope.instance_id.clone_from(&self.instance_id);
        envelope.event_attributes.clone_from(&self.event_attributes);
        envelope.object.clone_from(&self.object);
        envelope.other = self.other.clone();
        Ok(envelope)
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(Value::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_envelope().map_err(ser::Error::custom)?.serialize(serializer)
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(event: &Value) -> Event {
        Event::parse(event.to_string().as_bytes()).unwrap()
    }

    fn user(name: &str, value: &Value) -> Value {
        json!({"id": "user_1", "banned": false, "locked": false, name: value})
    }

    #[test]
    fn an_event_is_written_as_it_was_read() {
        for event in [
            json!({"type": "user.created", "data": user("locale", &json!(null)), "instance_id": null, "new": [1]}),
            json!({"type": "user.created", "data": user("locale", &json!(7)), "timestamp": "now", "object": "event"}),
            json!({"type": "user.created", "data": {"id": 7}}),
            json!({"type": "user.tomorrow", "data": [null], "event_attributes": {"http_request": 7}}),
            json!({"type": 7, "data": {}}),
            json!({"type": "", "data": null}),
            json!({}),
        ] {
            assert_eq!(serde_json::to_value(parse(&event)).unwrap(), event);
        }
    }

    #[test]
    fn a_payload_with_another_type_is_unknown_and_its_error_names_the_place() {
        for (data, error) in [
            (
                user("email_addresses", &json!([{}, {"reserved": "x"}])),
                "data.email_addresses[1].reserved is not true or false",
            ),
            (json!({"id": "user_1", "locked": false}), "data.banned is not there"),
            (json!("user_1"), "data is not an object"),
            (json!(null), "data is not an object"),
        ] {
            let event = parse(&json!({"type": "user.updated", "data": data}));
            let EventData::Unknown(unknown) = event.data else { panic!("{data} is typed") };
            assert_eq!(unknown.event_type(), "user.updated");
            assert_eq!(unknown.error().unwrap().to_string(), error);
            assert_eq!(unknown.data().unwrap_or(&Value::Null), &data);
        }
    }

    /// A user can write their unsafe metadata.
    #[test]
    fn a_value_that_is_nested_too_deep_does_not_hide_the_rest() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let user = format!(r#"{{"id":"user_1","banned":true,"locked":false,"unsafe_metadata":{{"a":{deep}}}}}"#);
        let session = format!(r#"{{"id":"sess_1","user_id":"user_1","status":"active","user":{user}}}"#);
        let kept = |user: &clerk_types::user::User| {
            assert!(user.banned);
            assert_eq!(user.unsafe_metadata.as_ref().unwrap()["a"], *deep);
        };
        let event = Event::parse(format!(r#"{{"type":"user.updated","data":{user}}}"#).as_bytes()).unwrap();
        let EventData::UserUpdated(user) = event.data else { panic!("{event:?}") };
        kept(&user);
        let event = Event::parse(format!(r#"{{"type":"session.created","data":{session}}}"#).as_bytes()).unwrap();
        let EventData::SessionCreated(session) = event.data else { panic!("{event:?}") };
        kept(&session.user.unwrap());
    }

    #[test]
    fn a_payload_that_is_no_object_is_malformed() {
        for payload in ["", "[]", "7", r#""{}""#, "{", r#"{"a":1e}"#, r#"{"a":1} {}"#] {
            let error = Event::parse(payload.as_bytes()).expect_err(payload);
            assert_eq!(error.kind(), WebhookErrorKind::PayloadMalformed);
        }
        assert!(Event::parse(b"{\"a\":\"\xff\"}").is_err());
    }
}
