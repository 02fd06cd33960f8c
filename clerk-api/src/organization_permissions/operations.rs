//! Operations on permissions.

use crate::{Page, common::DeletedObject, define::operations, organization_roles::Permission};

operations! { OrganizationPermissions {
    /// Lists permissions.
    fn list() -> ListOrganizationPermissions: "ListOrganizationPermissions" GET "/organization_permissions" => Page<Permission>, streams Permission {
        query {
            query: String,
            order_by: String,
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
        }
    }

    /// Creates a permission.
    fn create(; body name: String, body key: String) -> CreateOrganizationPermission: "CreateOrganizationPermission" POST "/organization_permissions" => Permission {
        with body {
            description: String,
        }
    }

    /// Gets a permission by id.
    fn get(permission_id) -> GetOrganizationPermission: "GetOrganizationPermission" GET "/organization_permissions/{permission_id}" => Permission {}

    /// Changes a permission; parameters that are not set stay unchanged.
    fn update(permission_id) -> UpdateOrganizationPermission: "UpdateOrganizationPermission" PATCH "/organization_permissions/{permission_id}" => Permission {
        with body {
            name: String,
            key: String,
            description: String,
        }
    }

    /// Deletes a permission.
    fn delete(permission_id) -> DeleteOrganizationPermission: "DeleteOrganizationPermission" DELETE "/organization_permissions/{permission_id}" => DeletedObject {}
}}
