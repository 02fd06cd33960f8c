//! Roles of members of organizations.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use serde_json::{Value, json};

use super::{
    answer::{ApiResult, deleted_object},
    fields::BodyFields,
    organization_permissions,
    query::Query,
};
use crate::{
    http::ApiError,
    keys::random_id,
    shared::Shared,
    store::{Role, Store},
};

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/organization_roles", get(list).post(create))
        .route("/organization_roles/{id}", get(role).patch(update).delete(delete))
        .route("/organization_roles/{id}/permissions/{permission_id}", post(assign).delete(remove))
}

fn to_json(store: &Store, role: &Role) -> Value {
    let permissions = store.known_permissions.iter().filter(|known| role.permissions.contains(&known.key));
    json!({
        "object": "role",
        "id": role.id,
        "name": role.name,
        "key": role.key,
        "description": role.description,
        "is_creator_eligible": role.permissions.iter().any(|own| own == "org:sys_memberships:manage"),
        "permissions": permissions.map(organization_permissions::to_json).collect::<Vec<_>>(),
        "created_at": role.created_at,
        "updated_at": role.created_at,
    })
}

/// `GET /v1/organization_roles`
async fn list(State(shared): State<Arc<Shared>>, query: Query) -> ApiResult {
    let store = shared.store();
    let roles = store.roles.iter().filter(|role| query.matches_text(&[&role.id, &role.key, &role.name]));
    let mut roles: Vec<_> = roles.map(|role| to_json(&store, role)).collect();
    query.sort(&mut roles, "-created_at", &[("created_at", "/created_at"), ("name", "/name"), ("key", "/key")])?;
    query.list(roles)
}

/// `GET /v1/organization_roles/{id}`
async fn role(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    let store = shared.store();
    let role = find_or_404(&store, &id)?;
    Ok(Json(to_json(&store, &role)))
}

fn find_or_404(store: &Store, id: &str) -> Result<Role, ApiError> {
    store.roles.get(id).cloned().ok_or_else(|| ApiError::not_found("role", id))
}

/// `POST /v1/organization_roles`
async fn create(State(shared): State<Arc<Shared>>, mut fields: BodyFields) -> ApiResult {
    let mut store = shared.store();
    let key = check_key(fields.required_text("key")?)?;
    if store.role(&key).is_some() {
        return Err(ApiError::identifier_taken("key"));
    }
    let role = Role {
        id: random_id("role"),
        key,
        name: fields.required_text("name")?,
        description: fields.optional("description")?.unwrap_or_default(),
        permissions: permissions(&store, &mut fields)?.unwrap_or_default(),
        created_at: shared.clock.now(),
    };
    let is_initial = fields.optional("include_in_initial_role_set")?.unwrap_or(false);
    fields.finish()?;
    store.roles.put(role.clone());
    let initial = store.role_sets.find(|set| is_initial && set.r#type == "initial").map(|set| set.id.clone());
    if let Some(set) = initial.and_then(|id| store.role_sets.get_mut(&id)) {
        set.roles.push(role.key.clone());
    }
    Ok(Json(to_json(&store, &role)))
}

/// A key in Clerk's form, `org:auditor`.
fn check_key(key: String) -> Result<String, ApiError> {
    let word = key.strip_prefix("org:").unwrap_or_default();
    let is_fine = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if word.is_empty() || !word.bytes().all(is_fine) {
        return Err(ApiError::invalid_format(
            "key",
            "a role's key is org: and lowercase letters, digits and underscores",
        ));
    }
    Ok(key)
}

/// Takes a list of permissions, each an id or a key, and returns their keys.
fn permissions(store: &Store, fields: &mut BodyFields) -> Result<Option<Vec<String>>, ApiError> {
    let Some(names) = fields.optional::<Vec<String>>("permissions")? else { return Ok(None) };
    let key = |one: &String| {
        let known = store.known_permissions.find(|known| known.id == *one || known.key == *one);
        known.map(|known| known.key.clone()).ok_or_else(|| ApiError::unknown_reference("permissions", one))
    };
    names.iter().map(key).collect::<Result<_, _>>().map(Some)
}

/// `PATCH /v1/organization_roles/{id}`
async fn update(State(shared): State<Arc<Shared>>, Path(id): Path<String>, mut fields: BodyFields) -> ApiResult {
    let mut store = shared.store();
    let mut role = find_or_404(&store, &id)?;
    let old = role.key.clone();
    role.name = fields.optional("name")?.unwrap_or(role.name);
    role.description = fields.optional("description")?.unwrap_or(role.description);
    if let Some(key) = fields.optional("key")? {
        role.key = check_key(key)?;
    }
    role.permissions = permissions(&store, &mut fields)?.unwrap_or(role.permissions);
    fields.finish()?;
    if store.roles.find(|other| other.id != id && other.key == role.key).is_some() {
        return Err(ApiError::identifier_taken("key"));
    }
    store.roles.put(role.clone());
    if old != role.key {
        rename(&mut store, &old, &role.key);
    }
    Ok(Json(to_json(&store, &role)))
}

/// Gives members and invitations with a role its new key.
fn rename(store: &mut Store, old: &str, new: &str) {
    store.reassign_roles(|role| (role == old).then(|| new.to_owned()));
    let sets: Vec<_> = store.role_sets.iter().map(|set| set.id.clone()).collect();
    for set in sets {
        let Some(set) = store.role_sets.get_mut(&set) else { continue };
        for key in set.roles.iter_mut().chain([&mut set.default_role, &mut set.creator_role]) {
            if key == old {
                new.clone_into(key);
            }
        }
    }
}

/// `DELETE /v1/organization_roles/{id}`
async fn delete(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    let mut store = shared.store();
    let role = find_or_404(&store, &id)?;
    let in_use = store.memberships.iter().any(|membership| membership.role == role.key)
        || store.role_sets.iter().any(|set| set.default_role == role.key || set.creator_role == role.key);
    if in_use {
        let problem = "the role is assigned to members or invitations";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "organization_role_used_in_memberships", problem));
    }
    store.roles.remove(&id);
    Ok(deleted_object("role", &id))
}

/// `POST /v1/organization_roles/{id}/permissions/{permission_id}`
async fn assign(State(shared): State<Arc<Shared>>, Path((id, permission_id)): Path<(String, String)>) -> ApiResult {
    let mut store = shared.store();
    let key = organization_permissions::find_or_404(&store, &permission_id)?.key;
    let mut role = find_or_404(&store, &id)?;
    if role.permissions.contains(&key) {
        let problem = "the role has the permission already";
        return Err(ApiError::new(StatusCode::CONFLICT, "organization_role_permission_association_exists", problem));
    }
    role.permissions.push(key);
    store.roles.put(role.clone());
    Ok(Json(to_json(&store, &role)))
}

/// `DELETE /v1/organization_roles/{id}/permissions/{permission_id}`
async fn remove(State(shared): State<Arc<Shared>>, Path((id, permission_id)): Path<(String, String)>) -> ApiResult {
    let mut store = shared.store();
    let key = organization_permissions::find_or_404(&store, &permission_id)?.key;
    let mut role = find_or_404(&store, &id)?;
    if !role.permissions.contains(&key) {
        return Err(ApiError::not_found("permission of the role", &permission_id));
    }
    role.permissions.retain(|own| *own != key);
    store.roles.put(role.clone());
    Ok(Json(to_json(&store, &role)))
}
