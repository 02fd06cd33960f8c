//! [`OrganizationMembership`]: a user in an organization.

use super::{fields::Json, organization::Organization, payload::payload};
use crate::base::time::Timestamp;

payload! {
    /// A user's membership in an organization.
    pub struct OrganizationMembership {
        /// Its id, `orgmem_...`.
        pub id: String,
        /// Always `organization_membership`.
        pub object: Option<String>,
        /// The member's role, such as `org:admin`.
        pub role: String,
        /// What the role is called.
        pub role_name: Option<String>,
        /// What the role permits, such as `org:sys_memberships:read`.
        pub permissions: Vec<String>,
        /// Metadata that your back end writes and front ends may read.
        pub public_metadata: Option<Json>,
        /// Metadata that only your back end writes and reads.
        pub private_metadata: Option<Json>,
        /// The organization.
        pub organization: Organization,
        /// The user.
        pub public_user_data: Option<PublicUserData>,
        /// When the user became a member.
        pub created_at: Option<Timestamp>,
        /// When it changed last.
        pub updated_at: Option<Timestamp>,
    }

    /// What other members may know of a user.
    pub struct PublicUserData {
        /// The user's id.
        pub user_id: String,
        /// The first name.
        pub first_name: Option<String>,
        /// The last name.
        pub last_name: Option<String>,
        /// The picture. Deprecated by Clerk for [`image_url`](Self::image_url).
        pub profile_image_url: Option<String>,
        /// The picture, or one made of the initials.
        pub image_url: Option<String>,
        /// Whether the user has chosen a picture.
        pub has_image: bool,
        /// The address or number that the user is known by.
        pub identifier: Option<String>,
        /// The name to sign in with.
        pub username: Option<String>,
        /// Whether the user may not sign in any more.
        pub banned: Option<bool>,
        /// Whether a company's directory has removed the user.
        pub deprovisioned: Option<bool>,
    }
}
