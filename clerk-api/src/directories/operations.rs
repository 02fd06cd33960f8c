//! Operations on directories.

use serde_json::Value;

use crate::{
    Page,
    common::DeletedObject,
    define::operations,
    directories::{Directory, DirectoryGroupRoleMapping},
};

operations! { Directories {
    /// Lists directories.
    fn list() -> ListDirectories: "ListDirectories" GET "/directories" => Page<Directory>, streams Directory {
        query {
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
        }
    }

    /// Creates a directory.
    fn create(; body enterprise_connection_id: String, body provider: String) -> CreateDirectory: "CreateDirectory" POST "/directories" => Directory {
        with body {
            name: String,
            group_role_mappings: Value,
        }
    }

    /// Gets a directory by id.
    fn get(directory_id) -> GetDirectory: "GetDirectory" GET "/directories/{directory_id}" => Directory {}

    /// Changes a directory; parameters that are not set stay unchanged.
    fn update(directory_id) -> UpdateDirectory: "UpdateDirectory" PATCH "/directories/{directory_id}" => Directory {
        with body {
            name: String,
            enabled: bool,
            provider: String,
            attribute_mapping: Value,
            group_role_mapping_enabled: bool,
        }
    }

    /// Deletes a directory.
    fn delete(directory_id) -> DeleteDirectory: "DeleteDirectory" DELETE "/directories/{directory_id}" => DeletedObject {}

    /// Replaces a directory's API key.
    fn rotate_api_key(directory_id) -> RotateDirectoryApiKey: "RotateDirectoryAPIKey" POST "/directories/{directory_id}/rotate_api_key" => Directory {}

    /// Lists the roles of a directory's groups.
    fn list_group_role_mappings(directory_id) -> ListDirectoryGroupRoleMappings: "ListDirectoryGroupRoleMappings" GET "/directories/{directory_id}/group_role_mappings" => Page<DirectoryGroupRoleMapping> {}

    /// Assigns a role to a group of a directory.
    fn create_group_role_mapping(directory_id; body role_id: String) -> CreateDirectoryGroupRoleMapping: "CreateDirectoryGroupRoleMapping" POST "/directories/{directory_id}/group_role_mappings" => DirectoryGroupRoleMapping {
        with body {
            directory_group_id: String,
            scim_group_id: String,
            precedence: i64 [1..],
        }
    }

    /// Replaces all roles of a directory's groups.
    fn replace_group_role_mappings(directory_id; body mappings: Value) -> ReplaceDirectoryGroupRoleMappings: "ReplaceDirectoryGroupRoleMappings" PUT "/directories/{directory_id}/group_role_mappings" => Page<DirectoryGroupRoleMapping> {
        with body {}
    }

    /// Removes a role from a group of a directory.
    fn delete_group_role_mapping(directory_id, mapping_id) -> DeleteDirectoryGroupRoleMapping: "DeleteDirectoryGroupRoleMapping" DELETE "/directories/{directory_id}/group_role_mappings/{mapping_id}" => DeletedObject {}
}}
