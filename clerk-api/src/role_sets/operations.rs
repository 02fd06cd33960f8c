//! Operations on role sets.

use serde_json::Value;

use crate::{
    Page,
    common::DeletedObject,
    define::operations,
    role_sets::{RoleSet, RoleSetType},
};

operations! { RoleSets {
    /// Lists role sets.
    fn list() -> ListRoleSets: "ListRoleSets" GET "/role_sets" => Page<RoleSet>, streams RoleSet {
        query {
            query: String,
            /// Default: `-created_at`.
            order_by: String,
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
        }
    }

    /// Creates a role set.
    fn create(; body name: String, body default_role_key: String, body creator_role_key: String, body roles: Vec<String> [1..=10 items]) -> CreateRoleSet: "CreateRoleSet" POST "/role_sets" => RoleSet {
        with body {
            key: String,
            description: Option<String>,
            kind = "type": RoleSetType,
        }
    }

    /// Gets a role set by id.
    fn get(role_set_key_or_id) -> GetRoleSet: "GetRoleSet" GET "/role_sets/{role_set_key_or_id}" => RoleSet {}

    /// Changes a role set; parameters that are not set stay unchanged.
    fn update(role_set_key_or_id) -> UpdateRoleSet: "UpdateRoleSet" PATCH "/role_sets/{role_set_key_or_id}" => RoleSet {
        with body {
            name: Option<String>,
            key: Option<String>,
            description: Option<String>,
            kind = "type": Option<String>,
            default_role_key: Option<String>,
            creator_role_key: Option<String>,
        }
    }

    /// Moves all organizations of a role set to another, and deletes it.
    fn replace(role_set_key_or_id; body dest_role_set_key: String) -> ReplaceRoleSet: "ReplaceRoleSet" POST "/role_sets/{role_set_key_or_id}/replace" => DeletedObject {
        with body {
            reassignment_mappings: Value,
        }
    }

    /// Adds roles to a role set.
    fn add_roles(role_set_key_or_id; body role_keys: Vec<String> [1..=10 items]) -> AddRolesToRoleSet: "AddRolesToRoleSet" POST "/role_sets/{role_set_key_or_id}/roles" => RoleSet {
        with body {
            default_role_key: String,
            creator_role_key: String,
        }
    }

    /// Replaces one role of a role set by another.
    fn replace_role(role_set_key_or_id; body role_key: String, body to_role_key: String) -> ReplaceRoleInRoleSet: "ReplaceRoleInRoleSet" POST "/role_sets/{role_set_key_or_id}/roles/replace" => RoleSet {
        with body {}
    }
}}
