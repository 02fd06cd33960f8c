//! Response types of organizations.

use serde_json::{Map, Value};

use crate::model::model;

model! {
    /// An organization.
    Organization {
        object: String,
        id: String,
        name: String,
        slug: String,
        image_url: Option<String>,
        has_image: bool,
        members_count: Option<i64>,
        missing_member_with_elevated_permissions: Option<bool>,
        pending_invitations_count: Option<i64>,
        max_allowed_memberships: i64,
        admin_delete_enabled: bool,
        public_metadata: Map<String, Value>,
        private_metadata: Option<Map<String, Value>>,
        created_by: Option<String>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
        /// A time; Clerk's description does not name its unit.
        last_active_at: Option<i64>,
        role_set_key: Option<String>,
        /// Deprecated by Clerk.
        logo_url: Option<String>,
    }
}
