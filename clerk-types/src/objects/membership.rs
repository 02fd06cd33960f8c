//! [`OrganizationMembership`]: a user in an organization.

use serde_json::{Map, Value};

use crate::{model::model, objects::organization::Organization, timestamp::Timestamp};

model! {
    /// A user's membership in an organization.
    OrganizationMembership {
        /// Its id, `orgmem_...`.
        id: String,
        /// Always `organization_membership`.
        object: String,
        /// The member's role, such as `org:admin`.
        role: String,
        /// The name of the role.
        role_name?: String,
        /// The permissions of the role, such as `org:sys_memberships:read`.
        permissions: Vec<String>,
        /// Metadata that your back end writes and front ends can read.
        public_metadata: Map<String, Value>,
        /// Metadata that only your back end can read and write.
        private_metadata?: Map<String, Value>,
        /// The organization.
        organization: Organization,
        /// The user.
        public_user_data?: PublicUserData,
        /// When the user became a member.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }

    /// The public data of a user, which other members can see.
    PublicUserData {
        /// The user's id.
        user_id: String,
        /// The first name.
        first_name: Option<String>,
        /// The last name.
        last_name: Option<String>,
        /// Deprecated by Clerk.
        profile_image_url?: String,
        /// The picture, or one generated from the initials.
        image_url: String,
        /// Whether the user has uploaded a picture.
        has_image: bool,
        /// The user's email address, phone number or username.
        identifier?: String,
        /// The username.
        username?: String,
        /// Whether the user is banned and cannot sign in.
        banned?: bool,
        /// Whether a company's directory (SCIM) has removed the user.
        deprovisioned?: bool,
    }
}

impl OrganizationMembership {
    /// The user's id, if the object has [`public_user_data`](Self::public_user_data).
    #[must_use]
    pub fn user_id(&self) -> Option<&str> {
        self.public_user_data.as_ref().map(|user| &*user.user_id)
    }

    /// The organization's id.
    #[must_use]
    pub fn organization_id(&self) -> &str {
        &self.organization.id
    }
}
