//! The organization itself.

use axum::{extract::Path, http::StatusCode, response::Response};
use serde_json::json;

use super::{require_member, require_permission, resource};
use crate::{
    frontend_api::{FrontendError, FrontendRequest},
    keys::random_id,
    store::Organization,
};

pub(super) async fn create(request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = request.user()?;
    let name = request.form.text("name")?.ok_or_else(|| FrontendError::missing("name"))?;
    let slug = request.form.text("slug")?.map(check_slug).transpose()?.unwrap_or_default();
    let mut organization = Organization::new(random_id("org"), &slug, name, request.now);
    organization.created_by = Some(user.id);
    organization.max_allowed_memberships = request.shared.store().settings().max_allowed_memberships();
    let organization = request.shared.add_organization(organization, true)?;
    Ok(respond(&request, &organization))
}

fn check_slug(slug: &str) -> Result<String, FrontendError> {
    let is_good = |one: u8| one.is_ascii_lowercase() || one.is_ascii_digit() || matches!(one, b'-' | b'_');
    let slug = slug.to_lowercase();
    if slug.bytes().all(is_good) {
        return Ok(slug);
    }
    let message = "Slug can only contain lowercase letters, numbers, dashes and underscores.";
    Err(FrontendError::form("form_param_format_invalid", "slug", message))
}

pub(super) async fn show(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    require_member(&request, &id)?;
    Ok(respond(&request, &find_or_404(&request, &id)?))
}

fn find_or_404(request: &FrontendRequest, id: &str) -> Result<Organization, FrontendError> {
    request.shared.store().organizations.get(id).cloned().ok_or_else(|| FrontendError::not_found("Organization"))
}

fn respond(request: &FrontendRequest, organization: &Organization) -> Response {
    let described = resource::organization(&request.shared.store(), organization);
    request.respond(&described)
}

pub(super) async fn update(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    require_permission(&request, &id, "org:sys_profile:manage")?;
    let name = request.form.text("name")?;
    let slug = request.form.text("slug")?.map(check_slug).transpose()?;
    let organization = request.shared.edit_organization(&id, |organization| {
        if let Some(name) = name {
            name.clone_into(&mut organization.name);
        }
        if let Some(slug) = slug {
            organization.slug = slug;
        }
    })?;
    Ok(respond(&request, &organization))
}

pub(super) async fn delete(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    require_permission(&request, &id, "org:sys_profile:delete")?;
    if !request.shared.store().settings().has_organization_setting("admin_delete_enabled") {
        let message = "Deletion by admin is not enabled for this organization.";
        return Err(FrontendError::new(StatusCode::FORBIDDEN, "organization_admin_delete_not_enabled", message));
    }
    let organization = request.shared.delete_organization(&id)?;
    Ok(request.respond(&json!({
        "object": "organization", "id": organization.id, "slug": organization.slug, "deleted": true,
    })))
}

/// Logos are not kept: the components show initials.
pub(super) async fn set_logo(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    require_permission(&request, &id, "org:sys_profile:manage")?;
    Ok(respond(&request, &find_or_404(&request, &id)?))
}

pub(super) async fn remove_logo(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    require_permission(&request, &id, "org:sys_profile:manage")?;
    Ok(request.respond(&json!({"object": "image", "id": format!("img_{id}"), "deleted": true})))
}
