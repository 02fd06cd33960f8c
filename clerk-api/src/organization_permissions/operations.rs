//! Operations on permissions.

use crate::{
    Page,
    arguments::{Integer, Text},
    common::DeletedObject,
    define::operations,
    organization_roles::Permission,
};

operations! { OrganizationPermissions {
    /// Lists permissions.
    fn list() -> ListOrganizationPermissions: "ListOrganizationPermissions" GET "/organization_permissions" => Page<Permission>, streams Permission {
        query {
            query: Text,
            order_by: Text,
            /// 1 to 500; `10` unless set.
            limit: Integer,
            /// At least 0; `0` unless set.
            offset: Integer,
        }
    }

    /// Creates a permission.
    fn create(; body name: Text, body key: Text) -> CreateOrganizationPermission: "CreateOrganizationPermission" POST "/organization_permissions" => Permission {
        with body {
            description: Text,
        }
    }

    /// One permission, by its id.
    fn get(permission_id) -> GetOrganizationPermission: "GetOrganizationPermission" GET "/organization_permissions/{permission_id}" => Permission {}

    /// Changes a permission; what is not set stays as it is.
    fn update(permission_id) -> UpdateOrganizationPermission: "UpdateOrganizationPermission" PATCH "/organization_permissions/{permission_id}" => Permission {
        with body {
            name: Text,
            key: Text,
            description: Text,
        }
    }

    /// Deletes a permission.
    fn delete(permission_id) -> DeleteOrganizationPermission: "DeleteOrganizationPermission" DELETE "/organization_permissions/{permission_id}" => DeletedObject {}
}}
