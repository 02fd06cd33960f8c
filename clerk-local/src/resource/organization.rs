//! Organizations, memberships and invitations.

use clerk_core::time::Timestamp;
use serde_json::{Value, json};

use super::{public_inviter_data, public_user_data};
use crate::store::{Membership, Organization, OrganizationInvitation, Store, User};

/// An organization in the Backend API, with its private metadata.
pub(crate) fn organization(organization: &Organization) -> Value {
    json!({
        "object": "organization",
        "id": organization.id,
        "name": organization.name,
        "slug": organization.slug,
        "image_url": "",
        "has_image": false,
        "max_allowed_memberships": organization.max_allowed_memberships,
        "admin_delete_enabled": true,
        "public_metadata": organization.public_metadata,
        "private_metadata": organization.private_metadata,
        "created_by": organization.created_by.as_deref().unwrap_or_default(),
        "created_at": organization.created_at,
        "updated_at": organization.updated_at,
    })
}

/// A membership with its permissions.
pub(crate) fn membership(membership: &Membership, user: &User, of: &Organization, permissions: &[String]) -> Value {
    json!({
        "object": "organization_membership",
        "id": membership.id,
        "role": membership.role,
        "permissions": permissions,
        "public_metadata": membership.public_metadata,
        "private_metadata": membership.private_metadata,
        "organization": organization(of),
        "public_user_data": public_user_data(user),
        "created_at": membership.created_at,
        "updated_at": membership.updated_at,
    })
}

/// The same for a membership in the store; `None` when its user or organization was deleted.
pub(crate) fn membership_in(store: &Store, one: &Membership) -> Option<Value> {
    let user = store.users.get(&one.user_id)?;
    let of = store.organizations.get(&one.organization_id)?;
    let mut json = membership(one, user, of, &store.permissions(one));
    json["role_name"] = role_name(store, &one.role).into();
    Some(json)
}

/// An invitation to an organization.
pub(crate) fn organization_invitation(store: &Store, invitation: &OrganizationInvitation, now: Timestamp) -> Value {
    let inviter = invitation.inviter_id.as_deref().and_then(|id| store.users.get(id));
    json!({
        "object": "organization_invitation",
        "id": invitation.id,
        "email_address": invitation.email_address,
        "role": invitation.role,
        "role_name": role_name(store, &invitation.role),
        "organization_id": invitation.organization_id,
        "inviter_id": invitation.inviter_id,
        "public_inviter_data": inviter.map(public_inviter_data),
        "status": invitation.status(now),
        "public_metadata": invitation.public_metadata,
        "private_metadata": invitation.private_metadata,
        "url": null,
        "expires_at": invitation.expires_at,
        "created_at": invitation.created_at,
        "updated_at": invitation.updated_at,
    })
}

/// The same with the public data of the organization.
pub(crate) fn organization_invitation_with_organization(
    store: &Store,
    invitation: &OrganizationInvitation,
    now: Timestamp,
) -> Option<Value> {
    let mut json = organization_invitation(store, invitation, now);
    json["public_organization_data"] = public_organization_data(store.organizations.get(&invitation.organization_id)?);
    Some(json)
}

/// The public data of an organization.
pub(crate) fn public_organization_data(organization: &Organization) -> Value {
    json!({
        "id": organization.id,
        "name": organization.name,
        "slug": organization.slug,
        "image_url": "",
        "has_image": false,
    })
}

fn role_name<'s>(store: &'s Store, key: &'s str) -> &'s str {
    store.role(key).map_or(key, |role| &role.name)
}
