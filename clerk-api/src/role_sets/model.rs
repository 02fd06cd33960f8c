//! Response types of role sets.

use serde_json::{Map, Value};

use crate::model::{choice, model};

model! {
    /// `RoleSet` in Clerk's description of the API.
    RoleSet {
        object: String,
        id: String,
        name: String,
        key: String,
        description: Option<String>,
        roles: Vec<RoleSetItem>,
        default_role: Option<RoleSetItem>,
        creator_role: Option<RoleSetItem>,
        kind = "type": RoleSetType,
        role_set_migration: Option<RoleSetMigration>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
    }

    /// `RoleSetItem` in Clerk's description of the API.
    RoleSetItem {
        object: String,
        id: String,
        name: String,
        key: String,
        description: Option<String>,
        members_count: Option<i64>,
        has_members: Option<bool>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
    }

    /// `RoleSetMigration` in Clerk's description of the API.
    RoleSetMigration {
        object: String,
        id: String,
        organization_id: Option<String>,
        instance_id: String,
        source_role_set_id: String,
        dest_role_set_id: Option<String>,
        trigger_type: String,
        status: String,
        migrated_members: i64,
        mappings: Option<Map<String, Value>>,
        /// A time; Clerk's description does not name its unit.
        started_at: Option<i64>,
        /// A time; Clerk's description does not name its unit.
        completed_at: Option<i64>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
    }
}

choice! {
    /// Values of [`RoleSet`](crate::role_sets::RoleSet)'s `type`.
    RoleSetType {
        Initial = "initial",
        Custom = "custom",
    }
}
