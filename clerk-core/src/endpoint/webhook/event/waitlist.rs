//! [`WaitlistEntry`]: somebody who wants to become a user.

use super::{
    fields::Json,
    payload::{open_enum, payload},
};
use crate::base::time::Timestamp;

payload! {
    /// Somebody on the waitlist.
    pub struct WaitlistEntry {
        /// Its id, `wle_...`.
        pub id: String,
        /// Always `waitlist_entry`.
        pub object: Option<String>,
        /// Whose it is.
        pub email_address: String,
        /// How far it is.
        pub status: Option<WaitlistStatus>,
        /// Whether it is just being worked on.
        pub is_locked: Option<bool>,
        /// When it was made.
        pub created_at: Option<Timestamp>,
        /// When it changed last.
        pub updated_at: Option<Timestamp>,
        /// The invitation that it has led to.
        pub invitation: Option<Invitation>,
    }

    /// An invitation to become a user.
    pub struct Invitation {
        /// Its id, `inv_...`.
        pub id: String,
        /// Always `invitation`.
        pub object: Option<String>,
        /// Who is invited.
        pub email_address: Option<String>,
        /// Metadata for the user that front ends may read.
        pub public_metadata: Option<Json>,
        /// Whether it was taken back.
        pub revoked: Option<bool>,
        /// How far it is.
        pub status: Option<InvitationStatus>,
        /// The link that accepts it: whoever has it is let in.
        pub url: Option<String>,
        /// Until when it can be accepted.
        pub expires_at: Option<Timestamp>,
        /// When it was made.
        pub created_at: Option<Timestamp>,
        /// When it changed last.
        pub updated_at: Option<Timestamp>,
    }
}

open_enum! {
    /// How far an entry of the waitlist is.
    pub enum WaitlistStatus {
        /// There is a user now.
        Completed = "completed",
        /// An invitation was sent.
        Invited = "invited",
        /// Nobody has decided.
        Pending = "pending",
        /// There will be no invitation.
        Rejected = "rejected",
    }

    /// How far an invitation is.
    pub enum InvitationStatus {
        /// There is a user now.
        Accepted = "accepted",
        /// Nobody accepted it in time.
        Expired = "expired",
        /// It was sent.
        Pending = "pending",
        /// It was taken back.
        Revoked = "revoked",
    }
}
