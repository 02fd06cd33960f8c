//! Permissions that roles can have.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::get,
};
use serde_json::{Value, json};

use super::{
    answer::{ApiResult, deleted_object},
    fields::BodyFields,
    query::Query,
};
use crate::{
    http::ApiError,
    keys::random_id,
    shared::Shared,
    store::{Permission, Store},
};

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/organization_permissions", get(list).post(create))
        .route("/organization_permissions/{id}", get(permission).patch(update).delete(delete))
}

pub(super) fn to_json(permission: &Permission) -> Value {
    json!({
        "object": "permission",
        "id": permission.id,
        "name": permission.name,
        "key": permission.key,
        "description": permission.description,
        "type": permission.r#type,
        "created_at": permission.created_at,
        "updated_at": permission.updated_at,
    })
}

pub(super) fn find_or_404(store: &Store, id: &str) -> Result<Permission, ApiError> {
    store.known_permissions.get(id).cloned().ok_or_else(|| ApiError::not_found("permission", id))
}

/// `GET /v1/organization_permissions`
async fn list(State(shared): State<Arc<Shared>>, query: Query) -> ApiResult {
    let store = shared.store();
    let permissions = store.known_permissions.iter().filter(|one| query.matches_text(&[&one.id, &one.key, &one.name]));
    let mut permissions: Vec<_> = permissions.map(to_json).collect();
    query.sort(
        &mut permissions,
        "-created_at",
        &[("created_at", "/created_at"), ("name", "/name"), ("key", "/key")],
    )?;
    query.list(permissions)
}

/// `GET /v1/organization_permissions/{id}`
async fn permission(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    find_or_404(&shared.store(), &id).map(|permission| Json(to_json(&permission)))
}

/// `POST /v1/organization_permissions`
async fn create(State(shared): State<Arc<Shared>>, mut fields: BodyFields) -> ApiResult {
    let now = shared.clock.now();
    let permission = Permission {
        id: random_id("perm"),
        name: fields.required_text("name")?,
        key: check_key(fields.required_text("key")?)?,
        description: fields.optional("description")?.unwrap_or_default(),
        r#type: "user".to_owned(),
        created_at: now,
        updated_at: now,
    };
    fields.finish()?;
    put(&mut shared.store(), permission)
}

/// `PATCH /v1/organization_permissions/{id}`
async fn update(State(shared): State<Arc<Shared>>, Path(id): Path<String>, mut fields: BodyFields) -> ApiResult {
    let mut store = shared.store();
    let mut permission = find_custom(&store, &id)?;
    let old = permission.key.clone();
    permission.name = fields.optional("name")?.unwrap_or(permission.name);
    permission.description = fields.optional("description")?.unwrap_or(permission.description);
    if let Some(key) = fields.optional("key")? {
        permission.key = check_key(key)?;
    }
    permission.updated_at = shared.clock.now();
    fields.finish()?;
    let new = permission.key.clone();
    let answer = put(&mut store, permission)?;
    for_each_role(&mut store, |permissions| {
        permissions.iter_mut().filter(|key| **key == old).for_each(|key| key.clone_from(&new));
    });
    Ok(answer)
}

/// A key in Clerk's form, `org:invoices:read`.
fn check_key(key: String) -> Result<String, ApiError> {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    let words = key.strip_prefix("org:").and_then(|rest| rest.split_once(':'));
    let well_formed = words.is_some_and(|(feature, action)| is_word(feature) && is_word(action));
    if !well_formed || key.starts_with("org:sys_") {
        return Err(ApiError::invalid_format(
            "key",
            "a permission's key is org:, a feature, : and an action, and not Clerk's own",
        ));
    }
    Ok(key)
}

fn put(store: &mut Store, permission: Permission) -> ApiResult {
    if store.known_permissions.find(|other| other.id != permission.id && other.key == permission.key).is_some() {
        return Err(ApiError::identifier_taken("key"));
    }
    store.known_permissions.put(permission.clone());
    Ok(Json(to_json(&permission)))
}

/// A permission that is not Clerk's own.
fn find_custom(store: &Store, id: &str) -> Result<Permission, ApiError> {
    let permission = find_or_404(store, id)?;
    if permission.r#type == "system" {
        let problem = "Clerk's own permissions stay as they are";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "organization_system_permission_not_modifiable", problem));
    }
    Ok(permission)
}

/// `DELETE /v1/organization_permissions/{id}`
async fn delete(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    let mut store = shared.store();
    let permission = find_custom(&store, &id)?;
    store.known_permissions.remove(&id);
    for_each_role(&mut store, |permissions| permissions.retain(|key| *key != permission.key));
    Ok(deleted_object("permission", &id))
}

/// Changes the permissions of all roles.
fn for_each_role(store: &mut Store, change: impl Fn(&mut Vec<String>)) {
    let ids: Vec<_> = store.roles.iter().map(|role| role.id.clone()).collect();
    for id in ids {
        if let Some(role) = store.roles.get_mut(&id) {
            change(&mut role.permissions);
        }
    }
}
