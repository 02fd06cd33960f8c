//! The organization itself.

use axum::{extract::Path, http::StatusCode, response::Response};
use serde_json::json;

use super::{member, permitted, resource};
use crate::{
    frontend_api::{Call, FrontendError},
    keys::random_id,
    store::Organization,
};

pub(super) async fn create(call: Call) -> Result<Response, FrontendError> {
    let user = call.user()?;
    let name = call.form.text("name")?.ok_or_else(|| FrontendError::missing("name"))?;
    let slug = call.form.text("slug")?.map(checked_slug).transpose()?.unwrap_or_default();
    let mut organization = Organization::new(random_id("org"), &slug, name, call.now);
    organization.created_by = Some(user.id);
    organization.max_allowed_memberships = call.shared.store().settings().max_allowed_memberships();
    let organization = call.shared.add_organization(organization, true)?;
    Ok(answer(&call, &organization))
}

fn checked_slug(slug: &str) -> Result<String, FrontendError> {
    let is_good = |one: u8| one.is_ascii_lowercase() || one.is_ascii_digit() || matches!(one, b'-' | b'_');
    let slug = slug.to_lowercase();
    if slug.bytes().all(is_good) {
        return Ok(slug);
    }
    let message = "Slug can only contain lowercase letters, numbers, dashes and underscores.";
    Err(FrontendError::form("form_param_format_invalid", "slug", message))
}

pub(super) async fn show(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    member(&call, &id)?;
    Ok(answer(&call, &known(&call, &id)?))
}

fn known(call: &Call, id: &str) -> Result<Organization, FrontendError> {
    call.shared.store().organizations.get(id).cloned().ok_or_else(|| FrontendError::not_found("Organization"))
}

fn answer(call: &Call, organization: &Organization) -> Response {
    let described = resource::organization(&call.shared.store(), organization);
    call.answer(&described)
}

pub(super) async fn update(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    permitted(&call, &id, "org:sys_profile:manage")?;
    let name = call.form.text("name")?;
    let slug = call.form.text("slug")?.map(checked_slug).transpose()?;
    let organization = call.shared.edit_organization(&id, |organization| {
        if let Some(name) = name {
            name.clone_into(&mut organization.name);
        }
        if let Some(slug) = slug {
            organization.slug = slug;
        }
    })?;
    Ok(answer(&call, &organization))
}

pub(super) async fn delete(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    permitted(&call, &id, "org:sys_profile:delete")?;
    if !call.shared.store().settings().organizations_have("admin_delete_enabled") {
        let message = "Deletion by admin is not enabled for this organization.";
        return Err(FrontendError::new(StatusCode::FORBIDDEN, "organization_admin_delete_not_enabled", message));
    }
    let organization = call.shared.delete_organization(&id)?;
    Ok(call.answer(&json!({
        "object": "organization", "id": organization.id, "slug": organization.slug, "deleted": true,
    })))
}

/// Logos are not kept: the components show initials.
pub(super) async fn set_logo(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    permitted(&call, &id, "org:sys_profile:manage")?;
    Ok(answer(&call, &known(&call, &id)?))
}

pub(super) async fn remove_logo(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    permitted(&call, &id, "org:sys_profile:manage")?;
    Ok(call.answer(&json!({"object": "image", "id": format!("img_{id}"), "deleted": true})))
}
