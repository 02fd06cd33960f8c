//! Response types of members.

use serde_json::{Map, Value};

use crate::{model::model, organizations::Organization};

model! {
    /// `OrganizationMembership` in Clerk's description of the API.
    OrganizationMembership {
        id: String,
        object: String,
        role: String,
        role_name: Option<String>,
        permissions: Vec<String>,
        public_metadata: Map<String, Value>,
        private_metadata: Option<Map<String, Value>>,
        organization: Organization,
        public_user_data: Option<PublicUserData>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
    }

    /// `OrganizationMembershipPublicUserData` and `OrganizationInvitationPublicUserData` in Clerk's description of the API.
    PublicUserData {
        user_id: String,
        first_name: Option<String>,
        last_name: Option<String>,
        /// Deprecated by Clerk.
        profile_image_url: Option<String>,
        image_url: String,
        has_image: bool,
        identifier: Option<String>,
        username: Option<String>,
        banned: Option<bool>,
        deprovisioned: Option<bool>,
    }
}
