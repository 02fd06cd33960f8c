//! [`Organization`]: users who belong together.

use super::{fields::Json, payload::payload};
use crate::base::time::Timestamp;

payload! {
    /// An organization.
    pub struct Organization {
        /// Its id, `org_...`.
        pub id: String,
        /// Always `organization`.
        pub object: Option<String>,
        /// What it is called.
        pub name: String,
        /// What it is called in addresses.
        pub slug: Option<String>,
        /// Its logo, or one made of its name.
        pub image_url: Option<String>,
        /// Whether it has chosen a logo.
        pub has_image: bool,
        /// How many members it has.
        pub members_count: Option<i64>,
        /// Whether none of its members may manage it.
        pub missing_member_with_elevated_permissions: Option<bool>,
        /// How many invitations wait for an answer.
        pub pending_invitations_count: Option<i64>,
        /// How many members it may have; 0 means any number.
        pub max_allowed_memberships: Option<i64>,
        /// Whether its administrators may delete it.
        pub admin_delete_enabled: bool,
        /// Metadata that your back end writes and front ends may read.
        pub public_metadata: Option<Json>,
        /// Metadata that only your back end writes and reads.
        pub private_metadata: Option<Json>,
        /// The id of the user who created it.
        pub created_by: Option<String>,
        /// When it was created.
        pub created_at: Option<Timestamp>,
        /// When it changed last.
        pub updated_at: Option<Timestamp>,
        /// When one of its members was active last.
        pub last_active_at: Option<Timestamp>,
        /// The set of roles that its members may have.
        pub role_set_key: Option<String>,
    }

    /// What strangers may know of an organization.
    pub struct PublicOrganizationData {
        /// Its id, `org_...`.
        pub id: String,
        /// What it is called.
        pub name: Option<String>,
        /// What it is called in addresses.
        pub slug: Option<String>,
        /// Its logo, or one made of its name.
        pub image_url: Option<String>,
        /// Whether it has chosen a logo.
        pub has_image: bool,
    }
}
