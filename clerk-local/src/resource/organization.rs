//! Organizations and who belongs to them.

use serde_json::{Value, json};

use super::public_user_data;
use crate::store::{Membership, Organization, User};

/// An organization as backends see it, private metadata included.
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

/// A user's place in an organization, with all that it permits.
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
