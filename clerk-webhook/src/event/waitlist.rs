//! [`WaitlistEntry`]: a person who wants to become a user, and [`Invitation`].

use super::{
    fields::Json,
    payload::{open_enum, payload},
};
use clerk_core::time::Timestamp;

payload! {
    /// An entry of the waitlist.
    pub struct WaitlistEntry {
        /// Its id, `wle_...`.
        pub id: String,
        /// Always `waitlist_entry`.
        pub object: Option<String>,
        /// The person's email address.
        pub email_address: String,
        /// The status.
        pub status: Option<WaitlistStatus>,
        /// Whether Clerk is processing it at the moment.
        pub is_locked: Option<bool>,
        /// When it was created.
        pub created_at: Option<Timestamp>,
        /// When it was last changed.
        pub updated_at: Option<Timestamp>,
        /// The invitation that was sent for it.
        pub invitation: Option<Invitation>,
    }

    /// An invitation to become a user.
    pub struct Invitation {
        /// Its id, `inv_...`.
        pub id: String,
        /// Always `invitation`.
        pub object: Option<String>,
        /// The invited email address.
        pub email_address: Option<String>,
        /// Metadata for the new user that front ends can read.
        pub public_metadata: Option<Json>,
        /// Whether it was revoked.
        pub revoked: Option<bool>,
        /// The status.
        pub status: Option<InvitationStatus>,
        /// The link that accepts it. Keep it secret: anyone with the link can accept.
        pub url: Option<String>,
        /// When it expires.
        pub expires_at: Option<Timestamp>,
        /// When it was created.
        pub created_at: Option<Timestamp>,
        /// When it was last changed.
        pub updated_at: Option<Timestamp>,
    }
}

open_enum! {
    /// The status of a waitlist entry.
    pub enum WaitlistStatus {
        /// The person has become a user.
        Completed = "completed",
        /// An invitation was sent.
        Invited = "invited",
        /// Not decided yet.
        Pending = "pending",
        /// Rejected: no invitation will be sent.
        Rejected = "rejected",
    }

    /// The status of an invitation.
    pub enum InvitationStatus {
        /// The person has become a user.
        Accepted = "accepted",
        /// It was not accepted in time.
        Expired = "expired",
        /// It was sent.
        Pending = "pending",
        /// It was revoked.
        Revoked = "revoked",
    }
}
