//! Operations on SCIM directories.

use serde_json::Value;

use crate::{
    Page,
    common::DeletedObject,
    define::operations,
    scim_directories::{ScimDirectory, ScimGroupRoleMapping},
};

operations! { ScimDirectories {
    /// Lists SCIM directories.
    fn list() -> ListScimDirectories: "ListSCIMDirectories" GET "/scim_directories" => Page<ScimDirectory>, streams ScimDirectory {
        query {
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
        }
    }

    /// Creates a SCIM directory.
    fn create(; body enterprise_connection_id: String, body provider: String) -> CreateScimDirectory: "CreateSCIMDirectory" POST "/scim_directories" => ScimDirectory {
        with body {
            name: String,
            group_role_mappings: Value,
        }
    }

    /// Gets a SCIM directory by id.
    fn get(scim_directory_id) -> GetScimDirectory: "GetSCIMDirectory" GET "/scim_directories/{scim_directory_id}" => ScimDirectory {}

    /// Changes a SCIM directory; parameters that are not set stay unchanged.
    fn update(scim_directory_id) -> UpdateScimDirectory: "UpdateSCIMDirectory" PATCH "/scim_directories/{scim_directory_id}" => ScimDirectory {
        with body {
            name: String,
            enabled: bool,
            provider: String,
            attribute_mapping: Value,
            group_role_mapping_enabled: bool,
        }
    }

    /// Deletes a SCIM directory.
    fn delete(scim_directory_id) -> DeleteScimDirectory: "DeleteSCIMDirectory" DELETE "/scim_directories/{scim_directory_id}" => DeletedObject {}

    /// Replaces a SCIM directory's API key.
    fn rotate_api_key(scim_directory_id) -> RotateScimDirectoryApiKey: "RotateSCIMDirectoryAPIKey" POST "/scim_directories/{scim_directory_id}/rotate_api_key" => ScimDirectory {}

    /// Lists the roles of a SCIM directory's groups.
    fn list_group_role_mappings(scim_directory_id) -> ListScimGroupRoleMappings: "ListSCIMGroupRoleMappings" GET "/scim_directories/{scim_directory_id}/group_role_mappings" => Page<ScimGroupRoleMapping> {}

    /// Assigns a role to a group of a SCIM directory.
    fn create_group_role_mapping(scim_directory_id; body scim_group_id: String, body role_id: String) -> CreateScimGroupRoleMapping: "CreateSCIMGroupRoleMapping" POST "/scim_directories/{scim_directory_id}/group_role_mappings" => ScimGroupRoleMapping {
        with body {
            precedence: i64 [1..],
        }
    }

    /// Replaces all roles of a SCIM directory's groups.
    fn replace_group_role_mappings(scim_directory_id; body mappings: Value) -> ReplaceScimGroupRoleMappings: "ReplaceSCIMGroupRoleMappings" PUT "/scim_directories/{scim_directory_id}/group_role_mappings" => Page<ScimGroupRoleMapping> {
        with body {}
    }

    /// Removes a role from a group of a SCIM directory.
    fn delete_group_role_mapping(scim_directory_id, mapping_id) -> DeleteScimGroupRoleMapping: "DeleteSCIMGroupRoleMapping" DELETE "/scim_directories/{scim_directory_id}/group_role_mappings/{mapping_id}" => DeletedObject {}
}}
