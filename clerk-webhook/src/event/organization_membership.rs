//! [`OrganizationMembership`]: a user's membership in an organization.

use super::{fields::Json, organization::Organization, payload::payload};
use clerk_core::time::Timestamp;

payload! {
    /// A user's membership in an organization.
    pub struct OrganizationMembership {
        /// Its id, `orgmem_...`.
        pub id: String,
        /// Always `organization_membership`.
        pub object: Option<String>,
        /// The member's role, such as `org:admin`.
        pub role: String,
        /// The name of the role.
        pub role_name: Option<String>,
        /// The permissions of the role, such as `org:sys_memberships:read`.
        pub permissions: Vec<String>,
        /// Metadata that your back end writes and front ends can read.
        pub public_metadata: Option<Json>,
        /// Metadata that only your back end can read and write.
        pub private_metadata: Option<Json>,
        /// The organization.
        pub organization: Organization,
        /// The user.
        pub public_user_data: Option<PublicUserData>,
        /// When the user became a member.
        pub created_at: Option<Timestamp>,
        /// When it was last changed.
        pub updated_at: Option<Timestamp>,
    }

    /// The public data of a user, which other members can see.
    pub struct PublicUserData {
        /// The user's id.
        pub user_id: String,
        /// The first name.
        pub first_name: Option<String>,
        /// The last name.
        pub last_name: Option<String>,
        /// The picture. Deprecated by Clerk for [`image_url`](Self::image_url).
        pub profile_image_url: Option<String>,
        /// The picture, or one generated from the initials.
        pub image_url: Option<String>,
        /// Whether the user has uploaded a picture.
        pub has_image: bool,
        /// The user's email address, phone number or username.
        pub identifier: Option<String>,
        /// The username.
        pub username: Option<String>,
        /// Whether the user is banned and cannot sign in.
        pub banned: Option<bool>,
        /// Whether a company's directory (SCIM) has removed the user.
        pub deprovisioned: Option<bool>,
    }
}

impl OrganizationMembership {
    /// The user's id; `None` if Clerk left out the user.
    #[must_use]
    pub fn user_id(&self) -> Option<&str> {
        Some(&self.public_user_data.as_ref()?.user_id)
    }

    /// The organization's id.
    #[must_use]
    pub fn organization_id(&self) -> &str {
        &self.organization.id
    }
}
