//! Role sets.

use clerk_types::common::DeletedObject;
pub use clerk_types::role::{RoleSet, RoleSetItem, RoleSetMigration, RoleSetType};
use serde_json::Value;

use crate::define::resource;

resource! {
/// Role sets.
RoleSets, role_sets {
    /// Lists role sets.
    GET "/role_sets" ListRoleSets
    list() ?{
        ..paged, query: String,
        /// Default: `-created_at`.
        order_by: String,
    } => Page<RoleSet>;

    /// Creates a role set.
    POST "/role_sets" CreateRoleSet
    create(; name: String, default_role_key: String, creator_role_key: String, roles: Vec<String> [1..=10 items])
        { key: String, description: Option<String>, kind = "type": RoleSetType } -> RoleSet;

    /// Gets a role set by id.
    GET "/role_sets/{role_set_key_or_id}" GetRoleSet
    get(role_set_key_or_id) -> RoleSet;

    /// Changes a role set; parameters that are not set stay unchanged.
    PATCH "/role_sets/{role_set_key_or_id}" UpdateRoleSet
    update(role_set_key_or_id) {
        name: Option<String>, key: Option<String>, description: Option<String>, kind = "type": Option<String>,
        default_role_key: Option<String>, creator_role_key: Option<String>,
    } -> RoleSet;

    /// Moves all organizations of a role set to another, and deletes it.
    POST "/role_sets/{role_set_key_or_id}/replace" ReplaceRoleSet
    replace(role_set_key_or_id; dest_role_set_key: String) { reassignment_mappings: Value } -> DeletedObject;

    /// Adds roles to a role set.
    POST "/role_sets/{role_set_key_or_id}/roles" AddRolesToRoleSet
    add_roles(role_set_key_or_id; role_keys: Vec<String> [1..=10 items])
        { default_role_key: String, creator_role_key: String } -> RoleSet;

    /// Replaces one role of a role set by another.
    POST "/role_sets/{role_set_key_or_id}/roles/replace" ReplaceRoleInRoleSet
    replace_role(role_set_key_or_id; role_key: String, to_role_key: String) -> RoleSet;
}}
