//! [`Email`]: a message to somebody's mailbox.

use super::{fields::Json, payload::payload};

payload! {
    /// An email that Clerk sends, or that you are to send: see
    /// [`delivered_by_clerk`](Self::delivered_by_clerk). Its text may hold a code or a link that signs somebody in.
    pub struct Email {
        /// Its id, `ema_...`.
        pub id: String,
        /// Always `email`.
        pub object: Option<String>,
        /// Which template it was made of, such as `verification_code`.
        pub slug: Option<String>,
        /// The local part of the sender's address.
        pub from_email_name: Option<String>,
        /// The local part of the address for replies.
        pub reply_to_email_name: Option<String>,
        /// The receiver's address.
        pub to_email_address: Option<String>,
        /// The id of the receiver's address, `idn_...`.
        pub email_address_id: Option<String>,
        /// The receiver's id, if it is a user.
        pub user_id: Option<String>,
        /// Its subject.
        pub subject: Option<String>,
        /// Its text as HTML.
        pub body: Option<String>,
        /// Its text without markup.
        pub body_plain: Option<String>,
        /// How far it is on its way, such as `queued`.
        pub status: Option<String>,
        /// What the template was filled with; depends on the template.
        pub data: Option<Json>,
        /// Whether Clerk sends it; otherwise you do.
        pub delivered_by_clerk: bool,
    }
}
