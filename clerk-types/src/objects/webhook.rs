//! What only webhooks have: their envelope, and text messages.

use serde_json::{Map, Value};

use crate::{model::model, timestamp::Timestamp};

model! {
    /// The members that all webhooks have in common.
    Envelope {
        /// The event type, such as `user.created`.
        kind = "type"?: String,
        /// Always `event`.
        object?: String,
        /// The object that the event is about.
        data?: Value,
        /// When the event happened. The webhook may be sent later.
        timestamp?: Timestamp,
        /// The id of the instance, `ins_...`.
        instance_id?: String,
        /// The request that caused the event, if there was one.
        event_attributes?: EventAttributes,
    }

    /// The cause of an event.
    EventAttributes {
        /// The request that caused the event; `None` if Clerk caused it.
        http_request?: HttpRequest,
    }

    /// The request that caused an event. Its values come from the client, so do not trust them.
    HttpRequest {
        /// The client's IP address.
        client_ip?: String,
        /// The client's `User-Agent` header.
        user_agent?: String,
    }

    /// A text message that Clerk sends, or that you must send: see [`delivered_by_clerk`](Self::delivered_by_clerk). Its
    /// text may hold a code that signs the user in.
    SmsMessage {
        /// Its id.
        id: String,
        /// Always `sms_message`.
        object?: String,
        /// The template, such as `verification_code`.
        slug?: String,
        /// The sender's number.
        from_phone_number?: String,
        /// The receiver's number.
        to_phone_number?: String,
        /// The id of the receiver's number, `idn_...`.
        phone_number_id?: String,
        /// The receiver's user id, if the receiver is a user.
        user_id?: String,
        /// The text.
        message?: String,
        /// The delivery status, such as `queued`.
        status?: String,
        /// The values for the template's variables.
        data?: Map<String, Value>,
        /// Whether Clerk sends it. Otherwise you must send it.
        delivered_by_clerk: bool,
        /// When it was created.
        created_at_ms?: Timestamp,
        /// The same value under the name in Clerk's examples.
        created_at?: Timestamp,
    }
}
