//! SCIM directories.

pub use clerk_types::directory::{ScimDirectory, ScimDirectoryCustomAttribute, ScimGroupRoleMapping};
use clerk_types::{Page, common::DeletedObject};
use serde_json::Value;

use crate::define::resource;

resource! {
/// SCIM directories.
ScimDirectories, scim_directories {
    /// Lists SCIM directories.
    GET "/scim_directories" ListScimDirectories = "ListSCIMDirectories"
    list() ?{ ..paged } => Page<ScimDirectory>;

    /// Creates a SCIM directory.
    POST "/scim_directories" CreateScimDirectory = "CreateSCIMDirectory"
    create(; enterprise_connection_id: String, provider: String) { name: String, group_role_mappings: Value }
        -> ScimDirectory;

    /// Gets a SCIM directory by id.
    GET "/scim_directories/{scim_directory_id}" GetScimDirectory = "GetSCIMDirectory"
    get(scim_directory_id) -> ScimDirectory;

    /// Changes a SCIM directory; parameters that are not set stay unchanged.
    PATCH "/scim_directories/{scim_directory_id}" UpdateScimDirectory = "UpdateSCIMDirectory"
    update(scim_directory_id)
        { name: String, enabled: bool, provider: String, attribute_mapping: Value, group_role_mapping_enabled: bool }
        -> ScimDirectory;

    /// Deletes a SCIM directory.
    DELETE "/scim_directories/{scim_directory_id}" DeleteScimDirectory = "DeleteSCIMDirectory"
    delete(scim_directory_id) -> DeletedObject;

    /// Replaces a SCIM directory's API key.
    POST "/scim_directories/{scim_directory_id}/rotate_api_key" RotateScimDirectoryApiKey = "RotateSCIMDirectoryAPIKey"
    rotate_api_key(scim_directory_id) -> ScimDirectory;

    /// Lists the roles of a SCIM directory's groups.
    GET "/scim_directories/{scim_directory_id}/group_role_mappings" ListScimGroupRoleMappings = "ListSCIMGroupRoleMappings"
    list_group_role_mappings(scim_directory_id) -> Page<ScimGroupRoleMapping>;

    /// Assigns a role to a group of a SCIM directory.
    POST "/scim_directories/{scim_directory_id}/group_role_mappings" CreateScimGroupRoleMapping = "CreateSCIMGroupRoleMapping"
    create_group_role_mapping(scim_directory_id; scim_group_id: String, role_id: String) { precedence: i64 [1..] }
        -> ScimGroupRoleMapping;

    /// Replaces all roles of a SCIM directory's groups.
    PUT "/scim_directories/{scim_directory_id}/group_role_mappings" ReplaceScimGroupRoleMappings = "ReplaceSCIMGroupRoleMappings"
    replace_group_role_mappings(scim_directory_id; mappings: Value) -> Page<ScimGroupRoleMapping>;

    /// Removes a role from a group of a SCIM directory.
    DELETE "/scim_directories/{scim_directory_id}/group_role_mappings/{mapping_id}" DeleteScimGroupRoleMapping = "DeleteSCIMGroupRoleMapping"
    delete_group_role_mapping(scim_directory_id, mapping_id) -> DeletedObject;
}}
