//! [`OrganizationInvitation`]: an invitation to become a member.

use super::{
    fields::Json, organization::PublicOrganizationData, organization_membership::PublicUserData, payload::payload,
};
use clerk_core::time::Timestamp;

payload! {
    /// An invitation to an organization.
    pub struct OrganizationInvitation {
        /// Its id, `orginv_...`.
        pub id: String,
        /// Always `organization_invitation`.
        pub object: Option<String>,
        /// The invited email address.
        pub email_address: String,
        /// The role that the member will have, such as `org:member`.
        pub role: Option<String>,
        /// The name of the role.
        pub role_name: Option<String>,
        /// The organization's id.
        pub organization_id: Option<String>,
        /// The id of the inviting user.
        pub inviter_id: Option<String>,
        /// The inviting user.
        pub public_inviter_data: Option<PublicUserData>,
        /// The status, such as `pending`, `accepted` or `revoked`.
        pub status: Option<String>,
        /// Metadata for the membership that front ends can read.
        pub public_metadata: Option<Json>,
        /// Metadata for the membership that only your back end can read.
        pub private_metadata: Option<Json>,
        /// The link that accepts it. Keep it secret: anyone with the link can accept.
        pub url: Option<String>,
        /// When it expires.
        pub expires_at: Option<Timestamp>,
        /// When it was created.
        pub created_at: Option<Timestamp>,
        /// When it was last changed.
        pub updated_at: Option<Timestamp>,
        /// The id of the user who accepted it.
        pub user_id: Option<String>,
        /// The organization.
        pub public_organization_data: Option<PublicOrganizationData>,
        /// The organization, at the place in Clerk's API description.
        pub data: Option<OrganizationInvitationData>,
    }

    /// The organization data of an invitation.
    pub struct OrganizationInvitationData {
        /// The organization.
        pub public_organization_data: Option<PublicOrganizationData>,
    }
}
