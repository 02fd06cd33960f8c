//! Invitations to the instance and to organizations, and the waitlist.

use serde_json::{Map, Value};

use crate::{
    model::{choice, model},
    objects::membership::PublicUserData,
    objects::organization::PublicOrganizationData,
    secret::Secret,
    timestamp::Timestamp,
};

model! {
    /// An invitation to become a user.
    Invitation {
        /// Always `invitation`.
        object: String,
        /// Its id, `inv_...`.
        id: String,
        /// The invited email address.
        email_address: String,
        /// Metadata for the new user that front ends can read.
        public_metadata: Map<String, Value>,
        /// Whether it was revoked.
        revoked?: bool,
        /// The status.
        status: InvitationStatus,
        /// The link that accepts it. Keep it secret: anyone with the link can accept.
        url?: Secret,
        /// When it expires.
        expires_at?: Timestamp,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }

    /// `OrganizationInvitationWithPublicOrganizationData` in Clerk's description of the API.
    UserOrganizationInvitation {
        object: String,
        id: String,
        email_address: String,
        role: String,
        role_name: String,
        organization_id?: String,
        inviter_id: Option<String>,
        public_inviter_data: Option<PublicUserData>,
        status?: String,
        public_metadata: Map<String, Value>,
        private_metadata?: Map<String, Value>,
        url: Option<String>,
        expires_at: Option<Timestamp>,
        created_at: Timestamp,
        updated_at: Timestamp,
        public_organization_data?: PublicOrganizationData,
    }

    /// An invitation to an organization.
    OrganizationInvitation {
        /// Always `organization_invitation`.
        object: String,
        /// Its id, `orginv_...`.
        id: String,
        /// The invited email address.
        email_address: String,
        /// The role that the member will have, such as `org:member`.
        role: String,
        /// The name of the role.
        role_name: String,
        /// The organization's id.
        organization_id?: String,
        /// The id of the inviting user.
        inviter_id: Option<String>,
        /// The inviting user.
        public_inviter_data: Option<PublicUserData>,
        /// The status, such as `pending`, `accepted` or `revoked`.
        status?: String,
        /// Metadata for the membership that front ends can read.
        public_metadata: Map<String, Value>,
        /// Metadata for the membership that only your back end can read.
        private_metadata?: Map<String, Value>,
        /// The link that accepts it. Keep it secret: anyone with the link can accept.
        url: Option<Secret>,
        /// When it expires.
        expires_at: Option<Timestamp>,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
        /// The id of the user who accepted it. Only webhooks have it.
        user_id?: String,
        /// The organization. Only webhooks have it.
        data?: OrganizationInvitationData,
    }

    /// The organization of an invitation, in webhooks.
    OrganizationInvitationData {
        /// The organization.
        public_organization_data?: PublicOrganizationData,
    }

    /// An entry of the waitlist.
    WaitlistEntry {
        /// Always `waitlist_entry`.
        object: String,
        /// Its id, `wle_...`.
        id: String,
        /// The person's email address.
        email_address: String,
        /// The status.
        status: WaitlistEntryStatus,
        /// Whether Clerk is processing it at the moment.
        is_locked?: bool,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
        /// The invitation that was sent for it.
        invitation?: Invitation,
    }
}

choice! {
    /// The status of an invitation.
    InvitationStatus {
        /// It was sent.
        Pending = "pending",
        /// The person has become a user.
        Accepted = "accepted",
        /// It was revoked.
        Revoked = "revoked",
        /// It was not accepted in time.
        Expired = "expired",
    }

    /// Values of a parameter.
    InvitationTemplateSlug {
        Invitation = "invitation",
        WaitlistInvitation = "waitlist_invitation",
    }

    /// Values of [`WaitlistEntry`](crate::invitation::WaitlistEntry)'s `status`.
    WaitlistEntryStatus {
        /// Not decided yet.
        Pending = "pending",
        /// An invitation was sent.
        Invited = "invited",
        /// The person has become a user.
        Completed = "completed",
        /// Rejected: no invitation will be sent.
        Rejected = "rejected",
    }
}
