//! Operations on directories.

use crate::{
    Page,
    arguments::{Flag, Integer, Json, Text},
    common::DeletedObject,
    define::operations,
    directories::{Directory, DirectoryGroupRoleMapping},
};

operations! { Directories {
    /// Lists directories.
    fn list() -> ListDirectories: "ListDirectories" GET "/directories" => Page<Directory>, streams Directory {
        query {
            /// 1 to 500; `10` unless set.
            limit: Integer,
            /// At least 0; `0` unless set.
            offset: Integer,
        }
    }

    /// Creates a directory.
    fn create(; body enterprise_connection_id: Text, body provider: Text) -> CreateDirectory: "CreateDirectory" POST "/directories" => Directory {
        with body {
            name: Text,
            group_role_mappings: Json,
        }
    }

    /// One directory, by its id.
    fn get(directory_id) -> GetDirectory: "GetDirectory" GET "/directories/{directory_id}" => Directory {}

    /// Changes a directory; what is not set stays as it is.
    fn update(directory_id) -> UpdateDirectory: "UpdateDirectory" PATCH "/directories/{directory_id}" => Directory {
        with body {
            name: Text,
            enabled: Flag,
            provider: Text,
            attribute_mapping: Json,
            group_role_mapping_enabled: Flag,
        }
    }

    /// Deletes a directory.
    fn delete(directory_id) -> DeleteDirectory: "DeleteDirectory" DELETE "/directories/{directory_id}" => DeletedObject {}

    /// Gives a directory a new API key.
    fn rotate_api_key(directory_id) -> RotateDirectoryApiKey: "RotateDirectoryAPIKey" POST "/directories/{directory_id}/rotate_api_key" => Directory {}

    /// Which groups of a directory have which roles.
    fn list_group_role_mappings(directory_id) -> ListDirectoryGroupRoleMappings: "ListDirectoryGroupRoleMappings" GET "/directories/{directory_id}/group_role_mappings" => Page<DirectoryGroupRoleMapping> {}

    /// Gives a group of a directory a role.
    fn create_group_role_mapping(directory_id; body role_id: Text) -> CreateDirectoryGroupRoleMapping: "CreateDirectoryGroupRoleMapping" POST "/directories/{directory_id}/group_role_mappings" => DirectoryGroupRoleMapping {
        with body {
            directory_group_id: Text,
            scim_group_id: Text,
            /// At least 1.
            precedence: Integer,
        }
    }

    /// Replaces all roles of the groups of a directory.
    fn replace_group_role_mappings(directory_id; body mappings: Json) -> ReplaceDirectoryGroupRoleMappings: "ReplaceDirectoryGroupRoleMappings" PUT "/directories/{directory_id}/group_role_mappings" => Page<DirectoryGroupRoleMapping> {
        with body {}
    }

    /// Takes a role from a group of a directory.
    fn delete_group_role_mapping(directory_id, mapping_id) -> DeleteDirectoryGroupRoleMapping: "DeleteDirectoryGroupRoleMapping" DELETE "/directories/{directory_id}/group_role_mappings/{mapping_id}" => DeletedObject {}
}}
