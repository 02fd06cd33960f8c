//! Role sets: the roles that members of some organizations can have.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use clerk_core::time::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    answer::{ApiResult, deleted_object},
    fields::BodyFields,
    query::Query,
};
use crate::{
    http::ApiError,
    keys::random_id,
    shared::Shared,
    store::{RoleSet, Store},
};

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/role_sets", get(list).post(create))
        .route("/role_sets/{id}", get(role_set).patch(update))
        .route("/role_sets/{id}/replace", post(replace))
        .route("/role_sets/{id}/roles", post(add_roles))
        .route("/role_sets/{id}/roles/replace", post(replace_role))
}

fn to_json(store: &Store, set: &RoleSet) -> Value {
    let item = |key: &String| {
        let role = store.role(key)?;
        let members = store.memberships.iter().filter(|membership| membership.role == *key).count();
        Some(json!({
            "object": "role_set_item", "id": role.id, "name": role.name, "key": role.key,
            "description": role.description, "members_count": members, "has_members": members > 0,
            "created_at": role.created_at, "updated_at": role.created_at,
        }))
    };
    json!({
        "object": "role_set",
        "id": set.id,
        "name": set.name,
        "key": set.key,
        "description": set.description,
        "roles": set.roles.iter().filter_map(item).collect::<Vec<_>>(),
        "default_role": item(&set.default_role),
        "creator_role": item(&set.creator_role),
        "type": set.r#type,
        "role_set_migration": null,
        "created_at": set.created_at,
        "updated_at": set.updated_at,
    })
}

/// The set with this id or key.
fn find_or_404(store: &Store, name: &str) -> Result<RoleSet, ApiError> {
    let set = store.role_sets.find(|set| set.id == name || set.key == name);
    set.cloned().ok_or_else(|| ApiError::not_found("role set", name))
}

/// `GET /v1/role_sets`
async fn list(State(shared): State<Arc<Shared>>, query: Query) -> ApiResult {
    let store = shared.store();
    let sets = store.role_sets.iter().filter(|set| query.matches_text(&[&set.id, &set.key, &set.name]));
    let mut sets: Vec<_> = sets.map(|set| to_json(&store, set)).collect();
    query.sort(&mut sets, "-created_at", &[("created_at", "/created_at"), ("name", "/name"), ("key", "/key")])?;
    query.list(sets)
}

/// `GET /v1/role_sets/{id}`
async fn role_set(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    let store = shared.store();
    Ok(Json(to_json(&store, &find_or_404(&store, &id)?)))
}

/// `POST /v1/role_sets`
async fn create(State(shared): State<Arc<Shared>>, mut fields: BodyFields) -> ApiResult {
    let now = shared.clock.now();
    let name = fields.required_text("name")?;
    let words = name.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let key = format!("role_set:{}", words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("_"));
    let set = RoleSet {
        id: random_id("roleset"),
        key: fields.optional("key")?.unwrap_or(key),
        name,
        description: fields.optional("description")?,
        roles: fields.required("roles")?,
        default_role: fields.required_text("default_role_key")?,
        creator_role: fields.required_text("creator_role_key")?,
        r#type: fields.optional("type")?.unwrap_or_else(|| "custom".to_owned()),
        created_at: now,
        updated_at: now,
    };
    fields.finish()?;
    put(&mut shared.store(), set, now)
}

/// `PATCH /v1/role_sets/{id}`
async fn update(State(shared): State<Arc<Shared>>, Path(id): Path<String>, mut fields: BodyFields) -> ApiResult {
    let mut store = shared.store();
    let mut set = find_or_404(&store, &id)?;
    set.name = fields.optional("name")?.unwrap_or(set.name);
    set.key = fields.optional("key")?.unwrap_or(set.key);
    if let Some(description) = fields.nullable("description")? {
        set.description = description;
    }
    set.r#type = fields.optional("type")?.unwrap_or(set.r#type);
    set.default_role = fields.optional("default_role_key")?.unwrap_or(set.default_role);
    set.creator_role = fields.optional("creator_role_key")?.unwrap_or(set.creator_role);
    fields.finish()?;
    put(&mut store, set, shared.clock.now())
}

/// `POST /v1/role_sets/{id}/roles`
async fn add_roles(State(shared): State<Arc<Shared>>, Path(id): Path<String>, mut fields: BodyFields) -> ApiResult {
    let mut store = shared.store();
    let mut set = find_or_404(&store, &id)?;
    for key in fields.required::<Vec<String>>("role_keys")? {
        if !set.roles.contains(&key) {
            set.roles.push(key);
        }
    }
    set.default_role = fields.optional("default_role_key")?.unwrap_or(set.default_role);
    set.creator_role = fields.optional("creator_role_key")?.unwrap_or(set.creator_role);
    fields.finish()?;
    put(&mut store, set, shared.clock.now())
}

/// `POST /v1/role_sets/{id}/roles/replace`: replaces a role, also for its members.
async fn replace_role(State(shared): State<Arc<Shared>>, Path(id): Path<String>, mut fields: BodyFields) -> ApiResult {
    let (old, new) = (fields.required_text("role_key")?, fields.required_text("to_role_key")?);
    fields.finish()?;
    let mut store = shared.store();
    let mut set = find_or_404(&store, &id)?;
    if !set.roles.contains(&old) {
        return Err(ApiError::unknown_reference("role_key", &old));
    }
    set.roles.retain(|key| *key != old && *key != new);
    set.roles.push(new.clone());
    [&mut set.default_role, &mut set.creator_role]
        .into_iter()
        .filter(|key| **key == old)
        .for_each(|key| key.clone_from(&new));
    let answer = put(&mut store, set, shared.clock.now())?;
    store.reassign_roles(|role| (role == old).then(|| new.clone()));
    // The numbers of members have changed.
    find_or_404(&store, &id).map(|set| Json(to_json(&store, &set))).or(Ok(answer))
}

/// `POST /v1/role_sets/{id}/replace`: replaces the set by another and deletes it.
async fn replace(State(shared): State<Arc<Shared>>, Path(id): Path<String>, mut fields: BodyFields) -> ApiResult {
    let destination = fields.required_text("dest_role_set_key")?;
    let mappings: Map<String, Value> = fields.optional("reassignment_mappings")?.unwrap_or_default();
    fields.finish()?;
    let mut store = shared.store();
    let set = find_or_404(&store, &id)?;
    let destination = find_or_404(&store, &destination)?;
    if set.id == destination.id || set.r#type == "initial" {
        let problem = "the initial role set stays, and no set takes its own place";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "role_set_cannot_be_replaced", problem));
    }
    store.role_sets.remove(&set.id);
    let new = |role: &str| mappings.get(role).and_then(Value::as_str).map(str::to_owned);
    store.reassign_roles(|role| new(role).filter(|new| destination.roles.contains(new)));
    Ok(deleted_object("role_set", &set.id))
}

fn put(store: &mut Store, set: RoleSet, now: Timestamp) -> ApiResult {
    let unknown = set.roles.iter().find(|key| store.role(key).is_none());
    if let Some(key) = unknown {
        return Err(ApiError::unknown_reference("roles", key));
    }
    for (parameter, key) in [("default_role_key", &set.default_role), ("creator_role_key", &set.creator_role)] {
        if !set.roles.contains(key) {
            return Err(ApiError::invalid_value(parameter, "the role is not in the set"));
        }
    }
    if !matches!(&*set.r#type, "initial" | "custom") {
        return Err(ApiError::invalid_value("type", "type must be initial or custom"));
    }
    if store.role_sets.find(|other| other.id != set.id && other.key == set.key).is_some() {
        return Err(ApiError::identifier_taken("key"));
    }
    // There is one initial set.
    let others: Vec<_> =
        store.role_sets.iter().filter(|other| other.id != set.id).map(|other| other.id.clone()).collect();
    for other in others.iter().filter(|_| set.r#type == "initial") {
        if let Some(other) = store.role_sets.get_mut(other) {
            "custom".clone_into(&mut other.r#type);
        }
    }
    let set = RoleSet { updated_at: now, ..set };
    store.role_sets.put(set.clone());
    Ok(Json(to_json(store, &set)))
}
