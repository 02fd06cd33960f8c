//! [`Organization`]: a group of users.

use super::{fields::Json, payload::payload};
use clerk_core::time::Timestamp;

payload! {
    /// An organization.
    pub struct Organization {
        /// Its id, `org_...`.
        pub id: String,
        /// Always `organization`.
        pub object: Option<String>,
        /// The name.
        pub name: String,
        /// The slug for URLs.
        pub slug: Option<String>,
        /// The logo, or one generated from the name.
        pub image_url: Option<String>,
        /// Whether the organization has uploaded a logo.
        pub has_image: bool,
        /// The number of members.
        pub members_count: Option<i64>,
        /// Whether no member can manage the organization.
        pub missing_member_with_elevated_permissions: Option<bool>,
        /// The number of pending invitations.
        pub pending_invitations_count: Option<i64>,
        /// How many members it may have; 0 means no limit.
        pub max_allowed_memberships: Option<i64>,
        /// Whether its administrators can delete it.
        pub admin_delete_enabled: bool,
        /// Metadata that your back end writes and front ends can read.
        pub public_metadata: Option<Json>,
        /// Metadata that only your back end can read and write.
        pub private_metadata: Option<Json>,
        /// The id of the user who created it.
        pub created_by: Option<String>,
        /// When it was created.
        pub created_at: Option<Timestamp>,
        /// When it was last changed.
        pub updated_at: Option<Timestamp>,
        /// When a member was last active.
        pub last_active_at: Option<Timestamp>,
        /// The role set: the roles that members can have.
        pub role_set_key: Option<String>,
    }

    /// The public data of an organization, which non-members can see.
    pub struct PublicOrganizationData {
        /// Its id, `org_...`.
        pub id: String,
        /// The name.
        pub name: Option<String>,
        /// The slug for URLs.
        pub slug: Option<String>,
        /// The logo, or one generated from the name.
        pub image_url: Option<String>,
        /// Whether the organization has uploaded a logo.
        pub has_image: bool,
    }
}
