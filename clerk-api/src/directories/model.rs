//! Response types of directories.

use serde_json::{Map, Value};

use crate::{Secret, model::model, organization_roles::Role};

model! {
    /// `Directory` in Clerk's description of the API.
    Directory {
        object: String,
        id: String,
        name: String,
        enterprise_connection_id: Option<String>,
        endpoint_url: String,
        provider: String,
        enabled: bool,
        group_role_mapping_enabled: bool,
        attribute_mapping: Map<String, Value>,
        custom_attributes: Option<Vec<DirectoryCustomAttribute>>,
        api_key: Option<Secret>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
    }

    /// A nested object of a response.
    DirectoryCustomAttribute {
        name: Option<String>,
        key: Option<String>,
        sso_path: Option<String>,
        scim_path: Option<String>,
        directory_path: Option<String>,
        multi_valued: Option<bool>,
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
        role: Option<Role>,
        precedence: i64,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
    }
}
