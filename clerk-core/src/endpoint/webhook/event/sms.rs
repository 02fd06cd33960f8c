//! [`SmsMessage`]: a message to somebody's phone.

use super::{fields::Json, payload::payload};
use crate::base::time::Timestamp;

payload! {
    /// A text message that Clerk sends, or that you are to send: see
    /// [`delivered_by_clerk`](Self::delivered_by_clerk). Its text may hold a code that signs somebody in.
    pub struct SmsMessage {
        /// Its id.
        pub id: String,
        /// Always `sms_message`.
        pub object: Option<String>,
        /// Which template it was made of, such as `verification_code`.
        pub slug: Option<String>,
        /// The sender's number.
        pub from_phone_number: Option<String>,
        /// The receiver's number.
        pub to_phone_number: Option<String>,
        /// The id of the receiver's number, `idn_...`.
        pub phone_number_id: Option<String>,
        /// The receiver's id, if it is a user.
        pub user_id: Option<String>,
        /// Its text.
        pub message: Option<String>,
        /// How far it is on its way, such as `queued`.
        pub status: Option<String>,
        /// What the template was filled with; depends on the template.
        pub data: Option<Json>,
        /// Whether Clerk sends it; otherwise you do.
        pub delivered_by_clerk: bool,
        /// When it was written.
        pub created_at_ms: Option<Timestamp>,
        /// The same under the name that Clerk's examples have.
        pub created_at: Option<Timestamp>,
    }
}
