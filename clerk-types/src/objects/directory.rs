//! Directories that provision users (SCIM).

use serde_json::{Map, Value};

use crate::{model::model, objects::role::Role, secret::Secret, timestamp::Timestamp};

model! {
    /// `Directory` in Clerk's description of the API.
    Directory {
        object: String,
        id: String,
        name: String,
        enterprise_connection_id?: String,
        endpoint_url: String,
        provider: String,
        enabled: bool,
        group_role_mapping_enabled: bool,
        attribute_mapping: Map<String, Value>,
        custom_attributes?: Vec<DirectoryCustomAttribute>,
        api_key?: Secret,
        created_at: Timestamp,
        updated_at: Timestamp,
    }

    /// A nested object of a response.
    DirectoryCustomAttribute {
        name?: String,
        key?: String,
        sso_path?: String,
        scim_path?: String,
        directory_path?: String,
        multi_valued?: bool,
    }

    /// `DirectoryGroupRoleMapping` in Clerk's description of the API.
    DirectoryGroupRoleMapping {
        object: String,
        id: String,
        directory_id: String,
        scim_directory_id: String,
        directory_group_id: String,
        scim_group_id: String,
        directory_group_display_name: String,
        scim_group_display_name: String,
        role?: Role,
        precedence: i64,
        created_at: Timestamp,
        updated_at: Timestamp,
    }

    /// `SCIMDirectory` in Clerk's description of the API.
    ScimDirectory {
        object: String,
        id: String,
        name: String,
        enterprise_connection_id?: String,
        endpoint_url: String,
        provider: String,
        enabled: bool,
        group_role_mapping_enabled: bool,
        attribute_mapping: Map<String, Value>,
        custom_attributes?: Vec<ScimDirectoryCustomAttribute>,
        api_key?: Secret,
        created_at: Timestamp,
        updated_at: Timestamp,
    }

    /// A nested object of a response.
    ScimDirectoryCustomAttribute {
        name?: String,
        key?: String,
        sso_path?: String,
        scim_path?: String,
        directory_path?: String,
        multi_valued?: bool,
    }

    /// `SCIMGroupRoleMapping` in Clerk's description of the API.
    ScimGroupRoleMapping {
        object: String,
        id: String,
        scim_directory_id: String,
        directory_id: String,
        scim_group_id: String,
        directory_group_id: String,
        scim_group_display_name: String,
        directory_group_display_name: String,
        role?: Role,
        precedence: i64,
        created_at: Timestamp,
        updated_at: Timestamp,
    }
}
