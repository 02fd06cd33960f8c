//! Response types of invitations.

use serde_json::{Map, Value};

use crate::{Secret, model::model, organization_memberships::PublicUserData};

model! {
    /// `OrganizationInvitationWithPublicOrganizationData` in Clerk's description of the API.
    UserOrganizationInvitation {
        object: String,
        id: String,
        email_address: String,
        role: String,
        role_name: String,
        organization_id: Option<String>,
        inviter_id: Option<String>,
        public_inviter_data: Option<PublicUserData>,
        status: Option<String>,
        public_metadata: Map<String, Value>,
        private_metadata: Option<Map<String, Value>>,
        url: Option<String>,
        /// A time; Clerk's description does not name its unit.
        expires_at: Option<i64>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
        public_organization_data: Option<PublicOrganizationData>,
    }

    /// `OrganizationInvitationPublicOrganizationData` in Clerk's description of the API.
    PublicOrganizationData {
        id: String,
        name: String,
        slug: String,
        image_url: Option<String>,
        has_image: bool,
    }

    /// `OrganizationInvitation` in Clerk's description of the API.
    OrganizationInvitation {
        object: String,
        id: String,
        email_address: String,
        role: String,
        role_name: String,
        organization_id: Option<String>,
        inviter_id: Option<String>,
        public_inviter_data: Option<PublicUserData>,
        status: Option<String>,
        public_metadata: Map<String, Value>,
        private_metadata: Option<Map<String, Value>>,
        url: Option<Secret>,
        /// A time; Clerk's description does not name its unit.
        expires_at: Option<i64>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
    }
}
