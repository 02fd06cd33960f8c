//! [`OrganizationInvitation`]: somebody may become a member.

use super::{
    fields::Json, organization::PublicOrganizationData, organization_membership::PublicUserData, payload::payload,
};
use crate::base::time::Timestamp;

payload! {
    /// An invitation to an organization.
    pub struct OrganizationInvitation {
        /// Its id, `orginv_...`.
        pub id: String,
        /// Always `organization_invitation`.
        pub object: Option<String>,
        /// Who is invited.
        pub email_address: String,
        /// The role that the member will have, such as `org:member`.
        pub role: Option<String>,
        /// What the role is called.
        pub role_name: Option<String>,
        /// The organization's id.
        pub organization_id: Option<String>,
        /// The id of the user who invites.
        pub inviter_id: Option<String>,
        /// The user who invites.
        pub public_inviter_data: Option<PublicUserData>,
        /// How far it is, such as `pending`, `accepted` or `revoked`.
        pub status: Option<String>,
        /// Metadata for the membership that front ends may read.
        pub public_metadata: Option<Json>,
        /// Metadata for the membership that only your back end reads.
        pub private_metadata: Option<Json>,
        /// The link that accepts it: whoever has it is let in.
        pub url: Option<String>,
        /// Until when it can be accepted.
        pub expires_at: Option<Timestamp>,
        /// When it was made.
        pub created_at: Option<Timestamp>,
        /// When it changed last.
        pub updated_at: Option<Timestamp>,
        /// The id of the user who accepted it.
        pub user_id: Option<String>,
        /// The organization.
        pub public_organization_data: Option<PublicOrganizationData>,
        /// The organization, where Clerk's API description has it.
        pub data: Option<OrganizationInvitationData>,
    }

    /// What an invitation is for.
    pub struct OrganizationInvitationData {
        /// The organization.
        pub public_organization_data: Option<PublicOrganizationData>,
    }
}
