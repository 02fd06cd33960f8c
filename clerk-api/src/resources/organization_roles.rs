//! Roles.

use clerk_types::common::DeletedObject;
pub use clerk_types::role::{Permission, Role};

use crate::define::resource;

resource! {
/// Roles.
OrganizationRoles, organization_roles {
    /// Lists roles.
    GET "/organization_roles" ListOrganizationRoles
    list() ?{
        ..paged, query: String,
        /// Default: `-created_at`.
        order_by: String,
    } => Page<Role>;

    /// Creates a role.
    POST "/organization_roles" CreateOrganizationRole
    create(; name: String, key: String)
        { description: Option<String>, permissions: Option<Vec<String>>, include_in_initial_role_set: Option<bool> }
        -> Role;

    /// Gets a role by id.
    GET "/organization_roles/{organization_role_id}" GetOrganizationRole
    get(organization_role_id) -> Role;

    /// Changes a role; parameters that are not set stay unchanged.
    PATCH "/organization_roles/{organization_role_id}" UpdateOrganizationRole
    update(organization_role_id)
        { name: Option<String>, key: Option<String>, description: Option<String>, permissions: Option<Vec<String>> }
        -> Role;

    /// Deletes a role.
    DELETE "/organization_roles/{organization_role_id}" DeleteOrganizationRole
    delete(organization_role_id) -> DeletedObject;

    /// Adds a permission to a role.
    POST "/organization_roles/{organization_role_id}/permissions/{permission_id}" AssignPermissionToOrganizationRole
    assign_permission(organization_role_id, permission_id) -> Role;

    /// Removes a permission from a role.
    DELETE "/organization_roles/{organization_role_id}/permissions/{permission_id}" RemovePermissionFromOrganizationRole
    remove_permission(organization_role_id, permission_id) -> Role;
}}
