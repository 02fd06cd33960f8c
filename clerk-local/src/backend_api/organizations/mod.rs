//! Organizations.

mod domains;
mod invitations;
mod memberships;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::{get, post, put},
};
use serde_json::{Value, json};

use super::{
    answer::{Answer, Refusal},
    fields::Fields,
    metadata::Changes,
    query::Query,
    users::{date_of, named},
};
use crate::{
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
fn known(store: &Store, name: &str) -> Result<Organization, Refusal> {
    store.organization(name).cloned().ok_or_else(|| Refusal::not_found("organization", name))
}

/// An organization with what the request asks for besides.
fn shown(store: &Store, organization: &Organization, query: &Query) -> Result<Value, Refusal> {
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
async fn list(State(shared): State<Arc<Shared>>, query: Query) -> Answer {
    let store = shared.store();
    let text = query.one("query").map(str::to_lowercase);
    let is_meant = |one: &&Organization| {
        query.wants("organization_id", |id| one.id == id)
            && query.wants("user_id", |id| store.membership(id.trim_start_matches(['+', ' ']), &one.id).is_some())
            && text.as_ref().is_none_or(|text| {
                [&one.id, &one.name, &one.slug].iter().any(|own| own.to_lowercase().contains(&**text))
            })
    };
    let mut organizations = Vec::new();
    for organization in store.organizations.iter().filter(is_meant) {
        let mut json = shown(&store, organization, &query)?;
        // Asked for or not, it can be ordered by.
        json["members_count"] = store.members_of(&organization.id).count().into();
        organizations.push(json);
    }
    let orders = &[("created_at", "/created_at"), ("name", "/name"), ("members_count", "/members_count")];
    query.sort(&mut organizations, "-created_at", orders)?;
    query.list(organizations)
}

/// `GET /v1/organizations/{id}`
async fn organization(State(shared): State<Arc<Shared>>, Path(id): Path<String>, query: Query) -> Answer {
    let store = shared.store();
    shown(&store, &known(&store, &id)?, &query).map(Json)
}

/// `POST /v1/organizations`
async fn create(State(shared): State<Arc<Shared>>, mut fields: Fields) -> Answer {
    let name = fields.text("name")?;
    let slug: Option<String> = fields.opt("slug")?;
    let created_by: Option<String> = fields.opt("created_by")?;
    let metadata = Changes::take(&mut fields)?;
    let max_allowed_memberships: Option<u32> = fields.opt("max_allowed_memberships")?;
    let created_at = date_of(&mut fields, "created_at")?;
    fields.ignore(&["role_set_key"]);
    fields.end()?;
    let store = shared.store();
    if let Some(user_id) = &created_by {
        named(&store, "created_by", user_id)?;
    }
    let slug = match slug {
        Some(slug) => free_slug(&store, slug, "")?,
        None => new_slug(&store, &name),
    };
    drop(store);
    let settings = shared.store().instance_settings.iter().next().cloned().unwrap_or_default();
    let mut organization = Organization::new(random_id("org"), &slug, &name, shared.clock.now());
    organization.created_by = created_by.clone();
    organization.max_allowed_memberships =
        max_allowed_memberships.unwrap_or_else(|| settings.max_allowed_memberships());
    if let Some(at) = created_at {
        organization.created_at = at;
    }
    metadata.replace(&mut organization.public_metadata, &mut organization.private_metadata, None);
    let creator = created_by.as_deref().map(|user_id| (user_id, settings.creator_role()));
    Ok(Json(resource::organization(&shared.add_organization(organization, creator))))
}

/// `PATCH /v1/organizations/{id}`
async fn update(State(shared): State<Arc<Shared>>, Path(id): Path<String>, mut fields: Fields) -> Answer {
    let name: Option<String> = fields.opt("name")?;
    let slug: Option<String> = fields.opt("slug")?;
    let max_allowed_memberships: Option<u32> = fields.opt("max_allowed_memberships")?;
    let created_at = date_of(&mut fields, "created_at")?;
    // The description has them no more, but Clerk still takes them.
    let metadata = Changes::take(&mut fields)?;
    fields.ignore(&["admin_delete_enabled", "role_set_key"]);
    fields.end()?;
    let store = shared.store();
    let own = known(&store, &id)?;
    let slug = slug.map(|slug| free_slug(&store, slug, &own.id)).transpose()?;
    drop(store);
    let organization = shared.edit_organization(&own.id, |organization| {
        organization.name = name.unwrap_or_else(|| own.name.clone());
        organization.slug = slug.unwrap_or_else(|| own.slug.clone());
        organization.max_allowed_memberships = max_allowed_memberships.unwrap_or(own.max_allowed_memberships);
        organization.created_at = created_at.unwrap_or(own.created_at);
        metadata.replace(&mut organization.public_metadata, &mut organization.private_metadata, None);
    })?;
    Ok(Json(resource::organization(&organization)))
}

/// `DELETE /v1/organizations/{id}`
async fn delete_organization(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Answer {
    known(&shared.store(), &id)?;
    let organization = shared.delete_organization(&id)?;
    Ok(Json(json!({"object": "organization", "id": organization.id, "slug": organization.slug, "deleted": true})))
}

/// `PATCH /v1/organizations/{id}/metadata`
async fn merge_metadata(State(shared): State<Arc<Shared>>, Path(id): Path<String>, fields: Fields) -> Answer {
    change_metadata(&shared, &id, fields, |changes, own| {
        changes.merge(&mut own.public_metadata, &mut own.private_metadata, None);
    })
}

/// `PUT /v1/organizations/{id}/metadata`
async fn replace_metadata(State(shared): State<Arc<Shared>>, Path(id): Path<String>, fields: Fields) -> Answer {
    change_metadata(&shared, &id, fields, |changes, own| {
        changes.replace(&mut own.public_metadata, &mut own.private_metadata, None);
    })
}

fn change_metadata(
    shared: &Shared,
    id: &str,
    mut fields: Fields,
    change: impl FnOnce(Changes, &mut Organization),
) -> Answer {
    let changes = Changes::take(&mut fields)?;
    fields.end()?;
    known(&shared.store(), id)?;
    let organization = shared.edit_organization(id, |organization| change(changes, organization))?;
    Ok(Json(resource::organization(&organization)))
}

/// A slug that somebody chose, well-formed and nobody else's.
fn free_slug(store: &Store, slug: String, own_id: &str) -> Result<String, Refusal> {
    let is_fine =
        |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || "-_".contains(character);
    if slug.is_empty() || !slug.chars().all(is_fine) {
        return Err(Refusal::format("slug", "a slug has lowercase letters, digits, hyphens and underscores"));
    }
    if store.organizations.find(|other| other.id != own_id && other.slug == slug).is_some() {
        return Err(Refusal::taken("slug"));
    }
    Ok(slug)
}

/// A slug out of a name, with a number when others have it.
fn new_slug(store: &Store, name: &str) -> String {
    let words = name.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    let slug = if slug.is_empty() { "organization".to_owned() } else { slug };
    let taken = |slug: &str| store.organizations.find(|other| other.slug == slug).is_some();
    if !taken(&slug) {
        return slug;
    }
    // As many tries as there are organizations, and one more.
    (2..store.organizations.len() + 3)
        .map(|number| format!("{slug}-{number}"))
        .find(|slug| !taken(slug))
        .unwrap_or(slug)
}
