//! Operations on role sets.

use crate::{
    Page,
    arguments::{Choice, Integer, Json, List, Maybe, Text},
    common::DeletedObject,
    define::operations,
    role_sets::{RoleSet, RoleSetType},
};

operations! { RoleSets {
    /// Lists role sets.
    fn list() -> ListRoleSets: "ListRoleSets" GET "/role_sets" => Page<RoleSet>, streams RoleSet {
        query {
            query: Text,
            /// Default: `-created_at`.
            order_by: Text,
            /// Default: `10`.
            limit: Integer [1..=500],
            /// Default: `0`.
            offset: Integer [0..],
        }
    }

    /// Creates a role set.
    fn create(; body name: Text, body default_role_key: Text, body creator_role_key: Text, body roles: List<Text> [1..=10 items]) -> CreateRoleSet: "CreateRoleSet" POST "/role_sets" => RoleSet {
        with body {
            key: Text,
            description: Maybe<Text>,
            kind = "type": Choice<RoleSetType>,
        }
    }

    /// Gets a role set by id.
    fn get(role_set_key_or_id) -> GetRoleSet: "GetRoleSet" GET "/role_sets/{role_set_key_or_id}" => RoleSet {}

    /// Changes a role set; parameters that are not set stay unchanged.
    fn update(role_set_key_or_id) -> UpdateRoleSet: "UpdateRoleSet" PATCH "/role_sets/{role_set_key_or_id}" => RoleSet {
        with body {
            name: Maybe<Text>,
            key: Maybe<Text>,
            description: Maybe<Text>,
            kind = "type": Maybe<Text>,
            default_role_key: Maybe<Text>,
            creator_role_key: Maybe<Text>,
        }
    }

    /// Moves all organizations of a role set to another, and deletes it.
    fn replace(role_set_key_or_id; body dest_role_set_key: Text) -> ReplaceRoleSet: "ReplaceRoleSet" POST "/role_sets/{role_set_key_or_id}/replace" => DeletedObject {
        with body {
            reassignment_mappings: Json,
        }
    }

    /// Adds roles to a role set.
    fn add_roles(role_set_key_or_id; body role_keys: List<Text> [1..=10 items]) -> AddRolesToRoleSet: "AddRolesToRoleSet" POST "/role_sets/{role_set_key_or_id}/roles" => RoleSet {
        with body {
            default_role_key: Text,
            creator_role_key: Text,
        }
    }

    /// Replaces one role of a role set by another.
    fn replace_role(role_set_key_or_id; body role_key: Text, body to_role_key: Text) -> ReplaceRoleInRoleSet: "ReplaceRoleInRoleSet" POST "/role_sets/{role_set_key_or_id}/roles/replace" => RoleSet {
        with body {}
    }
}}
