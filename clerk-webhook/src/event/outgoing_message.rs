//! [`Email`] and [`SmsMessage`]: messages that Clerk sends, or that you must send.

use super::{fields::Json, payload::payload};
use clerk_core::time::Timestamp;

payload! {
    /// An email that Clerk sends, or that you must send: see [`delivered_by_clerk`](Self::delivered_by_clerk). Its text may
    /// hold a code or a link that signs the user in.
    pub struct Email {
        /// Its id, `ema_...`.
        pub id: String,
        /// Always `email`.
        pub object: Option<String>,
        /// The template, such as `verification_code`.
        pub slug: Option<String>,
        /// The local part of the sender's address.
        pub from_email_name: Option<String>,
        /// The local part of the address for replies.
        pub reply_to_email_name: Option<String>,
        /// The receiver's address.
        pub to_email_address: Option<String>,
        /// The id of the receiver's address, `idn_...`.
        pub email_address_id: Option<String>,
        /// The receiver's user id, if the receiver is a user.
        pub user_id: Option<String>,
        /// Its subject.
        pub subject: Option<String>,
        /// The text as HTML.
        pub body: Option<String>,
        /// The text without markup.
        pub body_plain: Option<String>,
        /// The delivery status, such as `queued`.
        pub status: Option<String>,
        /// The values for the template's variables.
        pub data: Option<Json>,
        /// Whether Clerk sends it. Otherwise you must send it.
        pub delivered_by_clerk: bool,
    }

    /// A text message that Clerk sends, or that you must send: see [`delivered_by_clerk`](Self::delivered_by_clerk). Its
    /// text may hold a code that signs the user in.
    pub struct SmsMessage {
        /// Its id.
        pub id: String,
        /// Always `sms_message`.
        pub object: Option<String>,
        /// The template, such as `verification_code`.
        pub slug: Option<String>,
        /// The sender's number.
        pub from_phone_number: Option<String>,
        /// The receiver's number.
        pub to_phone_number: Option<String>,
        /// The id of the receiver's number, `idn_...`.
        pub phone_number_id: Option<String>,
        /// The receiver's user id, if the receiver is a user.
        pub user_id: Option<String>,
        /// The text.
        pub message: Option<String>,
        /// The delivery status, such as `queued`.
        pub status: Option<String>,
        /// The values for the template's variables.
        pub data: Option<Json>,
        /// Whether Clerk sends it. Otherwise you must send it.
        pub delivered_by_clerk: bool,
        /// When it was created.
        pub created_at_ms: Option<Timestamp>,
        /// The same value under the name in Clerk's examples.
        pub created_at: Option<Timestamp>,
    }
}
