//! Organizations as their members see them.

use clerk_core::time::Timestamp;
use serde_json::{Value, json};

use super::{avatar::avatar, user::public_user_data};
use crate::store::{Membership, Organization, OrganizationInvitation, Role, Store};

/// An organization without its private metadata.
pub(in crate::frontend_api) fn organization(store: &Store, organization: &Organization) -> Value {
    json!({
        "object": "organization",
        "id": organization.id,
        "name": organization.name,
        "slug": organization.slug,
        "image_url": avatar(&organization.name),
        "has_image": false,
        "members_count": store.members_of(&organization.id).count(),
        "pending_invitations_count": store.pending_invitations_to(&organization.id).count(),
        "max_allowed_memberships": organization.max_allowed_memberships,
        "admin_delete_enabled": true,
        "public_metadata": organization.public_metadata,
        "created_at": organization.created_at,
        "updated_at": organization.updated_at,
    })
}

/// A membership; null when its user or organization was deleted.
pub(in crate::frontend_api) fn membership(store: &Store, membership: &Membership) -> Value {
    let (Some(of), Some(user)) =
        (store.organizations.get(&membership.organization_id), store.users.get(&membership.user_id))
    else {
        return Value::Null;
    };
    json!({
        "object": "organization_membership",
        "id": membership.id,
        "role": membership.role,
        "role_name": role_name(store, &membership.role),
        "permissions": store.permissions(membership),
        "public_metadata": membership.public_metadata,
        "organization": organization(store, of),
        "public_user_data": public_user_data(user),
        "created_at": membership.created_at,
        "updated_at": membership.updated_at,
    })
}

/// An invitation with its organization, for the invited user.
pub(in crate::frontend_api) fn invitation(store: &Store, invitation: &OrganizationInvitation) -> Value {
    let to = store.organizations.get(&invitation.organization_id);
    let to = to.map(
        |to| json!({"id": to.id, "name": to.name, "slug": to.slug, "image_url": avatar(&to.name), "has_image": false}),
    );
    json!({
        "object": "organization_invitation",
        "id": invitation.id,
        "email_address": invitation.email_address,
        "role": invitation.role,
        "role_name": role_name(store, &invitation.role),
        "organization_id": invitation.organization_id,
        "public_organization_data": to.unwrap_or_default(),
        "status": invitation.status,
        "public_metadata": invitation.public_metadata,
        "url": null,
        "expires_at": invitation.expires_at,
        "created_at": invitation.created_at,
        "updated_at": invitation.updated_at,
    })
}

/// A role with its permissions.
pub(in crate::frontend_api) fn role(role: &Role) -> Value {
    json!({
        "object": "role",
        "id": role.id,
        "name": role.name,
        "key": role.key,
        "description": role.description,
        "is_creator_eligible": role.key == "org:admin",
        "permissions": role.permissions.iter().map(|key| permission(key, role.created_at)).collect::<Vec<_>>(),
        "created_at": role.created_at,
        "updated_at": role.created_at,
    })
}

fn permission(key: &str, at: Timestamp) -> Value {
    let kind = if key.starts_with("org:sys_") { "system" } else { "user" };
    json!({
        "object": "permission", "id": format!("perm_{}", key.replace(':', "_")), "name": key, "key": key,
        "description": key, "type": kind, "created_at": at, "updated_at": at,
    })
}

fn role_name<'s>(store: &'s Store, key: &'s str) -> &'s str {
    store.role(key).map_or(key, |role| &role.name)
}
