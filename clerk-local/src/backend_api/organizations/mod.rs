//! Organizations.

mod domains;
mod invitations;
mod memberships;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, Request, State},
    http::StatusCode,
    middleware::Next,
    response::Response,
    routing::{get, post, put},
};
use serde_json::{Value, json};

use super::{
    answer::ApiResult,
    fields::BodyFields,
    metadata::MetadataChanges,
    query::Query,
    users::{find_by_parameter, take_date},
};
use crate::{
    changes::ChangeError,
    http::ApiError,
    keys::random_id,
    resource,
    shared::Shared,
    store::{Organization, Store},
};

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/organizations", get(list).post(create))
        .route("/organizations/{id}", get(organization).patch(update).delete(delete_organization))
        .route("/organizations/{id}/metadata", put(replace_metadata).patch(merge_metadata))
        .route("/organizations/{id}/memberships", get(memberships::list).post(memberships::create))
        .route(
            "/organizations/{id}/memberships/{user_id}",
            axum::routing::patch(memberships::update).delete(memberships::delete),
        )
        .route(
            "/organizations/{id}/memberships/{user_id}/metadata",
            axum::routing::patch(memberships::merge_metadata).put(memberships::replace_metadata),
        )
        .route("/organization_memberships", get(memberships::list_all))
        .route("/organizations/{id}/invitations", get(invitations::list).post(invitations::create))
        .route("/organizations/{id}/invitations/bulk", post(invitations::create_all))
        .route("/organizations/{id}/invitations/pending", get(invitations::list_pending))
        .route("/organizations/{id}/invitations/{invitation_id}", get(invitations::invitation))
        .route("/organizations/{id}/invitations/{invitation_id}/revoke", post(invitations::revoke))
        .route("/organization_invitations", get(invitations::list_all))
        .route("/organizations/{id}/domains", get(domains::list).post(domains::create))
        .route("/organizations/{id}/domains/{domain_id}", axum::routing::patch(domains::update).delete(domains::delete))
        .route("/organizations/{id}/domains/{domain_id}/verify_ownership", post(domains::verify_ownership))
        .route("/organization_domains", get(domains::list_all))
}

/// The organization with this id or slug.
fn find_or_404(store: &Store, name: &str) -> Result<Organization, ApiError> {
    store.organization(name).cloned().ok_or_else(|| ApiError::not_found("organization", name))
}

/// Middleware that rejects requests while organizations are disabled.
pub(super) async fn require_organizations(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let enabled = shared.store().settings().has_organization_setting("enabled");
    if enabled { Ok(next.run(request).await) } else { Err(ChangeError::OrganizationsDisabled.into()) }
}

/// An organization, with the extra fields that the query asks for.
fn to_json(store: &Store, organization: &Organization, query: &Query) -> Result<Value, ApiError> {
    let mut json = resource::organization(organization);
    let members = || store.members_of(&organization.id);
    if query.flag("include_members_count")?.unwrap_or(false) {
        json["members_count"] = members().count().into();
        let pending = store.organization_invitations.iter().filter(|one| one.organization_id == organization.id);
        json["pending_invitations_count"] = pending.filter(|one| one.status == "pending").count().into();
    }
    if query.flag("include_missing_member_with_elevated_permissions")?.unwrap_or(false) {
        let manages = |permissions: Vec<String>| permissions.iter().any(|own| own == "org:sys_memberships:manage");
        let missing = !members().any(|membership| manages(store.permissions(membership)));
        json["missing_member_with_elevated_permissions"] = missing.into();
    }
    Ok(json)
}

/// `GET /v1/organizations`
async fn list(State(shared): State<Arc<Shared>>, query: Query) -> ApiResult {
    let store = shared.store();
    let is_selected = |one: &&Organization| {
        query.includes("organization_id", |id| one.id == id)
            && query.includes("user_id", |id| store.membership(id.trim_start_matches(['+', ' ']), &one.id).is_some())
            && query.matches_text(&[&one.id, &one.name, &one.slug])
    };
    let mut organizations = Vec::new();
    for organization in store.organizations.iter().filter(is_selected) {
        let mut json = to_json(&store, organization, &query)?;
        // Needed for sorting, even if the query does not ask for it.
        json["members_count"] = store.members_of(&organization.id).count().into();
        organizations.push(json);
    }
    let orders = &[("created_at", "/created_at"), ("name", "/name"), ("members_count", "/members_count")];
    query.sort(&mut organizations, "-created_at", orders)?;
    query.list(organizations)
}

/// `GET /v1/organizations/{id}`
async fn organization(State(shared): State<Arc<Shared>>, Path(id): Path<String>, query: Query) -> ApiResult {
    let store = shared.store();
    to_json(&store, &find_or_404(&store, &id)?, &query).map(Json)
}

/// `POST /v1/organizations`
async fn create(State(shared): State<Arc<Shared>>, mut fields: BodyFields) -> ApiResult {
    let name = fields.required_text("name")?;
    let slug: Option<String> = fields.optional("slug")?;
    let created_by: Option<String> = fields.optional("created_by")?;
    let metadata = MetadataChanges::take(&mut fields)?;
    let max_allowed_memberships: Option<u32> = fields.optional("max_allowed_memberships")?;
    let created_at = take_date(&mut fields, "created_at")?;
    fields.ignore(&["role_set_key"]);
    fields.finish()?;
    if let Some(user_id) = &created_by {
        find_by_parameter(&shared.store(), "created_by", user_id)?;
    }
    let slug = slug.map(check_slug).transpose()?.unwrap_or_default();
    let mut organization = Organization::new(random_id("org"), &slug, &name, shared.clock.now());
    organization.created_by = created_by;
    organization.max_allowed_memberships =
        max_allowed_memberships.unwrap_or_else(|| shared.store().settings().max_allowed_memberships());
    if let Some(at) = created_at {
        organization.created_at = at;
    }
    metadata.replace(&mut organization.public_metadata, &mut organization.private_metadata, None);
    Ok(Json(resource::organization(&shared.add_organization(organization, false)?)))
}

/// `PATCH /v1/organizations/{id}`
async fn update(State(shared): State<Arc<Shared>>, Path(id): Path<String>, mut fields: BodyFields) -> ApiResult {
    let name: Option<String> = fields.optional("name")?;
    let slug: Option<String> = fields.optional("slug")?;
    let max_allowed_memberships: Option<u32> = fields.optional("max_allowed_memberships")?;
    let created_at = take_date(&mut fields, "created_at")?;
    // No longer in Clerk's API description, but Clerk still accepts them.
    let metadata = MetadataChanges::take(&mut fields)?;
    fields.ignore(&["admin_delete_enabled", "role_set_key"]);
    fields.finish()?;
    let own = find_or_404(&shared.store(), &id)?;
    let slug = slug.map(check_slug).transpose()?;
    let organization = shared.edit_organization(&own.id, |organization| {
        organization.name = name.unwrap_or(own.name);
        organization.slug = slug.unwrap_or(own.slug);
        organization.max_allowed_memberships = max_allowed_memberships.unwrap_or(own.max_allowed_memberships);
        organization.created_at = created_at.unwrap_or(own.created_at);
        metadata.replace(&mut organization.public_metadata, &mut organization.private_metadata, None);
    })?;
    Ok(Json(resource::organization(&organization)))
}

/// `DELETE /v1/organizations/{id}`
async fn delete_organization(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    find_or_404(&shared.store(), &id)?;
    let organization = shared.delete_organization(&id)?;
    Ok(Json(json!({"object": "organization", "id": organization.id, "slug": organization.slug, "deleted": true})))
}

/// `PATCH /v1/organizations/{id}/metadata`
async fn merge_metadata(State(shared): State<Arc<Shared>>, Path(id): Path<String>, fields: BodyFields) -> ApiResult {
    change_metadata(&shared, &id, fields, |changes, own| {
        changes.merge(&mut own.public_metadata, &mut own.private_metadata, None);
    })
}

/// `PUT /v1/organizations/{id}/metadata`
async fn replace_metadata(State(shared): State<Arc<Shared>>, Path(id): Path<String>, fields: BodyFields) -> ApiResult {
    change_metadata(&shared, &id, fields, |changes, own| {
        changes.replace(&mut own.public_metadata, &mut own.private_metadata, None);
    })
}

fn change_metadata(
    shared: &Shared,
    id: &str,
    mut fields: BodyFields,
    change: impl FnOnce(MetadataChanges, &mut Organization),
) -> ApiResult {
    let changes = MetadataChanges::take(&mut fields)?;
    fields.finish()?;
    find_or_404(&shared.store(), id)?;
    let organization = shared.edit_organization(id, |organization| change(changes, organization))?;
    Ok(Json(resource::organization(&organization)))
}

/// Checks the form of a slug.
fn check_slug(slug: String) -> Result<String, ApiError> {
    let is_fine =
        |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || "-_".contains(character);
    if slug.is_empty() || !slug.chars().all(is_fine) {
        return Err(ApiError::invalid_format("slug", "a slug has lowercase letters, digits, hyphens and underscores"));
    }
    Ok(slug)
}

impl From<ChangeError> for ApiError {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Unknown(unknown) => unknown.into(),
            ChangeError::OrganizationsDisabled => {
                let problem = "the instance's settings have organizations off";
                Self::new(StatusCode::FORBIDDEN, "organization_not_enabled_in_instance", problem)
            }
            ChangeError::CreationForbidden => {
                Self::new(StatusCode::FORBIDDEN, "authorization_invalid", "the user may not create organizations")
            }
            ChangeError::SlugTaken => Self::identifier_taken("slug"),
            ChangeError::AlreadyMember(_) => {
                let problem = "the user is a member already";
                Self::new(StatusCode::BAD_REQUEST, "already_a_member_in_organization", problem)
            }
            ChangeError::AlreadyInvited(_) => Self::duplicate("email_address"),
            ChangeError::MembershipLimit(most) => {
                let problem = format!("the organization may have {most} members, outstanding invitations included");
                Self::new(StatusCode::FORBIDDEN, "organization_membership_quota_exceeded", problem)
            }
            ChangeError::NoManagerLeft => {
                let problem = "no other member can manage the members";
                Self::new(StatusCode::BAD_REQUEST, "organization_minimum_permissions_needed", problem)
            }
            ChangeError::InvitationNotPending => {
                let problem = "only a pending invitation can be accepted or revoked";
                Self::new(StatusCode::BAD_REQUEST, "organization_invitation_not_pending", problem)
            }
        }
    }
}
