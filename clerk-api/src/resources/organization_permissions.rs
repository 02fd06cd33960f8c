//! Permissions.

use clerk_types::{common::DeletedObject, role::Permission};

use crate::define::resource;

resource! {
/// Permissions.
OrganizationPermissions, organization_permissions {
    /// Lists permissions.
    GET "/organization_permissions" ListOrganizationPermissions
    list() ?{ ..paged, query: String, order_by: String } => Page<Permission>;

    /// Creates a permission.
    POST "/organization_permissions" CreateOrganizationPermission
    create(; name: String, key: String) { description: String } -> Permission;

    /// Gets a permission by id.
    GET "/organization_permissions/{permission_id}" GetOrganizationPermission
    get(permission_id) -> Permission;

    /// Changes a permission; parameters that are not set stay unchanged.
    PATCH "/organization_permissions/{permission_id}" UpdateOrganizationPermission
    update(permission_id) { name: String, key: String, description: String } -> Permission;

    /// Deletes a permission.
    DELETE "/organization_permissions/{permission_id}" DeleteOrganizationPermission
    delete(permission_id) -> DeletedObject;
}}
