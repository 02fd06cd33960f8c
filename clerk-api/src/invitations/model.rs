//! Response types of invitations to sign up.

use serde_json::{Map, Value};

use crate::{
    Secret,
    model::{choice, model},
};

model! {
    /// `Invitation` in Clerk's description of the API.
    Invitation {
        object: String,
        id: String,
        email_address: String,
        public_metadata: Map<String, Value>,
        revoked: Option<bool>,
        status: InvitationStatus,
        url: Option<Secret>,
        /// A time; Clerk's description does not name its unit.
        expires_at: Option<i64>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
    }
}

choice! {
    /// Values of [`Invitation`](crate::invitations::Invitation)'s `status`.
    InvitationStatus {
        Pending = "pending",
        Accepted = "accepted",
        Revoked = "revoked",
        Expired = "expired",
    }

    /// Values of a parameter.
    InvitationTemplateSlug {
        Invitation = "invitation",
        WaitlistInvitation = "waitlist_invitation",
    }
}
