//! [`Organization`]: a group of users.

use serde_json::{Map, Value};

use crate::{model::model, timestamp::Timestamp};

model! {
    /// The public data of an organization, which non-members can see.
    PublicOrganizationData {
        /// Its id, `org_...`.
        id: String,
        /// The name.
        name: String,
        /// The slug for URLs.
        slug: String,
        /// The logo, or one generated from the name.
        image_url?: String,
        /// Whether the organization has uploaded a logo.
        has_image: bool,
    }

    /// An organization.
    Organization {
        /// Always `organization`.
        object: String,
        /// Its id, `org_...`.
        id: String,
        /// The name.
        name: String,
        /// The slug for URLs.
        slug: String,
        /// The logo, or one generated from the name.
        image_url?: String,
        /// Whether the organization has uploaded a logo.
        has_image: bool,
        /// The number of members.
        members_count?: i64,
        /// Whether no member can manage the organization.
        missing_member_with_elevated_permissions?: bool,
        /// The number of pending invitations.
        pending_invitations_count?: i64,
        /// How many members it may have; 0 means no limit.
        max_allowed_memberships: i64,
        /// Whether its administrators can delete it.
        admin_delete_enabled: bool,
        /// Metadata that your back end writes and front ends can read.
        public_metadata: Map<String, Value>,
        /// Metadata that only your back end can read and write.
        private_metadata?: Map<String, Value>,
        /// The id of the user who created it.
        created_by?: String,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
        /// When a member was last active.
        last_active_at?: Timestamp,
        /// The role set: the roles that members can have.
        role_set_key?: String,
        /// Deprecated by Clerk.
        logo_url?: String,
    }
}
