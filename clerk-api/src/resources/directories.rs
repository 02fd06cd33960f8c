//! Directories.

pub use clerk_types::directory::{Directory, DirectoryCustomAttribute, DirectoryGroupRoleMapping};
use clerk_types::{Page, common::DeletedObject};
use serde_json::Value;

use crate::define::resource;

resource! {
/// Directories.
Directories, directories {
    /// Lists directories.
    GET "/directories" ListDirectories
    list() ?{ ..paged } => Page<Directory>;

    /// Creates a directory.
    POST "/directories" CreateDirectory
    create(; enterprise_connection_id: String, provider: String) { name: String, group_role_mappings: Value }
        -> Directory;

    /// Gets a directory by id.
    GET "/directories/{directory_id}" GetDirectory
    get(directory_id) -> Directory;

    /// Changes a directory; parameters that are not set stay unchanged.
    PATCH "/directories/{directory_id}" UpdateDirectory
    update(directory_id)
        { name: String, enabled: bool, provider: String, attribute_mapping: Value, group_role_mapping_enabled: bool }
        -> Directory;

    /// Deletes a directory.
    DELETE "/directories/{directory_id}" DeleteDirectory
    delete(directory_id) -> DeletedObject;

    /// Replaces a directory's API key.
    POST "/directories/{directory_id}/rotate_api_key" RotateDirectoryApiKey = "RotateDirectoryAPIKey"
    rotate_api_key(directory_id) -> Directory;

    /// Lists the roles of a directory's groups.
    GET "/directories/{directory_id}/group_role_mappings" ListDirectoryGroupRoleMappings
    list_group_role_mappings(directory_id) -> Page<DirectoryGroupRoleMapping>;

    /// Assigns a role to a group of a directory.
    POST "/directories/{directory_id}/group_role_mappings" CreateDirectoryGroupRoleMapping
    create_group_role_mapping(directory_id; role_id: String)
        { directory_group_id: String, scim_group_id: String, precedence: i64 [1..] } -> DirectoryGroupRoleMapping;

    /// Replaces all roles of a directory's groups.
    PUT "/directories/{directory_id}/group_role_mappings" ReplaceDirectoryGroupRoleMappings
    replace_group_role_mappings(directory_id; mappings: Value) -> Page<DirectoryGroupRoleMapping>;

    /// Removes a role from a group of a directory.
    DELETE "/directories/{directory_id}/group_role_mappings/{mapping_id}" DeleteDirectoryGroupRoleMapping
    delete_group_role_mapping(directory_id, mapping_id) -> DeletedObject;
}}
