//! Operations on roles.

use crate::{Page, common::DeletedObject, define::operations, organization_roles::Role};

operations! { OrganizationRoles {
    /// Lists roles.
    fn list() -> ListOrganizationRoles: "ListOrganizationRoles" GET "/organization_roles" => Page<Role>, streams Role {
        query {
            query: String,
            /// Default: `-created_at`.
            order_by: String,
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
        }
    }

    /// Creates a role.
    fn create(; body name: String, body key: String) -> CreateOrganizationRole: "CreateOrganizationRole" POST "/organization_roles" => Role {
        with body {
            description: Option<String>,
            permissions: Option<Vec<String>>,
            include_in_initial_role_set: Option<bool>,
        }
    }

    /// Gets a role by id.
    fn get(organization_role_id) -> GetOrganizationRole: "GetOrganizationRole" GET "/organization_roles/{organization_role_id}" => Role {}

    /// Changes a role; parameters that are not set stay unchanged.
    fn update(organization_role_id) -> UpdateOrganizationRole: "UpdateOrganizationRole" PATCH "/organization_roles/{organization_role_id}" => Role {
        with body {
            name: Option<String>,
            key: Option<String>,
            description: Option<String>,
            permissions: Option<Vec<String>>,
        }
    }

    /// Deletes a role.
    fn delete(organization_role_id) -> DeleteOrganizationRole: "DeleteOrganizationRole" DELETE "/organization_roles/{organization_role_id}" => DeletedObject {}

    /// Adds a permission to a role.
    fn assign_permission(organization_role_id, permission_id) -> AssignPermissionToOrganizationRole: "AssignPermissionToOrganizationRole" POST "/organization_roles/{organization_role_id}/permissions/{permission_id}" => Role {}

    /// Removes a permission from a role.
    fn remove_permission(organization_role_id, permission_id) -> RemovePermissionFromOrganizationRole: "RemovePermissionFromOrganizationRole" DELETE "/organization_roles/{organization_role_id}/permissions/{permission_id}" => Role {}
}}
