//! Roles of members, their permissions and role sets.

use serde_json::{Map, Value};

use crate::{
    model::{choice, model},
    timestamp::Timestamp,
};

model! {
    /// A role of organization members.
    Role {
        /// Always `role`.
        object: String,
        /// Its id, `role_...`.
        id: String,
        /// The name.
        name: String,
        /// The key in tokens, such as `org:admin`.
        key: String,
        /// The description.
        description: Option<String>,
        /// Whether the creator of an organization can have it.
        is_creator_eligible: bool,
        /// The permissions of the role.
        permissions: Vec<Permission>,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }

    /// A permission that roles can include.
    Permission {
        /// Always `permission`.
        object: String,
        /// Its id, `perm_...`.
        id: String,
        /// The name.
        name: String,
        /// The key in tokens, such as `org:invoices:create`.
        key: String,
        /// The description.
        description: String,
        /// `system` for Clerk's permissions, `user` for your own.
        kind = "type": String,
        /// When it was created.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }

    /// `RoleSet` in Clerk's description of the API.
    RoleSet {
        object: String,
        id: String,
        name: String,
        key: String,
        description: Option<String>,
        roles: Vec<RoleSetItem>,
        default_role?: RoleSetItem,
        creator_role?: RoleSetItem,
        kind = "type": RoleSetType,
        role_set_migration?: RoleSetMigration,
        created_at: Timestamp,
        updated_at: Timestamp,
    }

    /// `RoleSetItem` in Clerk's description of the API.
    RoleSetItem {
        object: String,
        id: String,
        name: String,
        key: String,
        description: Option<String>,
        members_count?: i64,
        has_members?: bool,
        created_at: Timestamp,
        updated_at: Timestamp,
    }

    /// `RoleSetMigration` in Clerk's description of the API.
    RoleSetMigration {
        object: String,
        id: String,
        organization_id?: String,
        instance_id: String,
        source_role_set_id: String,
        dest_role_set_id?: String,
        trigger_type: String,
        status: String,
        migrated_members: i64,
        mappings?: Map<String, Value>,
        started_at?: Timestamp,
        completed_at?: Timestamp,
        created_at: Timestamp,
        updated_at: Timestamp,
    }
}

choice! {
    /// Values of [`RoleSet`](crate::role::RoleSet)'s `type`.
    RoleSetType {
        Initial = "initial",
        Custom = "custom",
    }
}
