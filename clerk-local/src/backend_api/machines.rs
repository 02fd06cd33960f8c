//! Machines, which call each other with tokens of their own.

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{delete, get, post},
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
    store::{Machine, Store},
};

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/machines", get(list).post(create))
        .route("/machines/{id}", get(machine).patch(update).delete(delete_machine))
        .route("/machines/{id}/secret_key", get(secret_key))
        .route("/machines/{id}/secret_key/rotate", post(rotate_secret_key))
        .route("/machines/{id}/scopes", post(create_scope))
        .route("/machines/{id}/scopes/{other_id}", delete(delete_scope))
}

fn to_json(shared: &Shared, store: &Store, machine: &Machine) -> Value {
    let alone = |machine: &Machine| {
        json!({
            "object": "machine",
            "id": machine.id,
            "name": machine.name,
            "instance_id": shared.webhooks.instance_id(),
            "default_token_ttl": machine.default_token_ttl,
            "created_at": machine.created_at,
            "updated_at": machine.updated_at,
        })
    };
    let mut json = alone(machine);
    let scoped = machine.scopes.keys().filter_map(|id| store.machines.get(id));
    json["scoped_machines"] = scoped.map(alone).collect();
    json
}

fn find_or_404(store: &Store, id: &str) -> Result<Machine, ApiError> {
    store.machines.get(id).cloned().ok_or_else(|| ApiError::not_found("machine", id))
}

/// `GET /v1/machines`
async fn list(State(shared): State<Arc<Shared>>, query: Query) -> ApiResult {
    let store = shared.store();
    let machines = store.machines.iter().filter(|machine| query.matches_text(&[&machine.id, &machine.name]));
    let mut machines: Vec<_> = machines.map(|machine| to_json(&shared, &store, machine)).collect();
    query.sort(&mut machines, "-created_at", &[("created_at", "/created_at"), ("name", "/name")])?;
    query.list(machines)
}

/// `GET /v1/machines/{id}`
async fn machine(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    let store = shared.store();
    Ok(Json(to_json(&shared, &store, &find_or_404(&store, &id)?)))
}

/// `POST /v1/machines`
async fn create(State(shared): State<Arc<Shared>>, mut fields: BodyFields) -> ApiResult {
    let now = shared.clock.now();
    let mut machine = Machine::new(&random_id("mch"), &fields.required_text("name")?, random_id("ak"), now);
    let scopes: Vec<String> = fields.optional("scoped_machines")?.unwrap_or_default();
    machine.default_token_ttl = ttl(&mut fields)?.unwrap_or(machine.default_token_ttl);
    fields.finish()?;
    let mut store = shared.store();
    for id in scopes {
        store.machines.get(&id).ok_or_else(|| ApiError::unknown_reference("scoped_machines", &id))?;
        machine.scopes.insert(id, now);
    }
    store.machines.put(machine.clone());
    let mut json = to_json(&shared, &store, &machine);
    json["secret_key"] = machine.secret_key.into();
    Ok(Json(json))
}

fn ttl(fields: &mut BodyFields) -> Result<Option<u32>, ApiError> {
    let ttl = fields.optional("default_token_ttl")?;
    if ttl == Some(0) { Err(ApiError::invalid_value("default_token_ttl", "above zero")) } else { Ok(ttl) }
}

/// `PATCH /v1/machines/{id}`
async fn update(State(shared): State<Arc<Shared>>, Path(id): Path<String>, mut fields: BodyFields) -> ApiResult {
    let mut store = shared.store();
    let mut machine = find_or_404(&store, &id)?;
    machine.name = fields.optional("name")?.unwrap_or(machine.name);
    machine.default_token_ttl = ttl(&mut fields)?.unwrap_or(machine.default_token_ttl);
    machine.updated_at = shared.clock.now();
    fields.finish()?;
    store.machines.put(machine.clone());
    Ok(Json(to_json(&shared, &store, &machine)))
}

/// `DELETE /v1/machines/{id}`
async fn delete_machine(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    let mut store = shared.store();
    let removed = store.machines.remove(&id);
    store.machine_tokens.remove_of_machine(&id);
    removed.map(|machine| deleted_object("machine", &machine.id)).ok_or_else(|| ApiError::not_found("machine", &id))
}

fn secret_to_json(machine: &Machine) -> Json<Value> {
    Json(json!({"object": "machine_secret_key", "secret": machine.secret_key}))
}

/// `GET /v1/machines/{id}/secret_key`
async fn secret_key(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    find_or_404(&shared.store(), &id).map(|machine| secret_to_json(&machine))
}

/// `POST /v1/machines/{id}/secret_key/rotate`
async fn rotate_secret_key(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    mut fields: BodyFields,
) -> ApiResult {
    // Clerk's limit for the old key's remaining lifetime, in seconds.
    const MAX_TTL: u64 = 8 * 60 * 60;
    let ttl: u64 = fields.required("previous_token_ttl")?;
    fields.finish()?;
    if ttl > MAX_TTL {
        return Err(ApiError::invalid_value("previous_token_ttl", "8 hours at most"));
    }
    let now = shared.clock.now();
    let mut store = shared.store();
    let mut machine = find_or_404(&store, &id)?;
    let old = std::mem::replace(&mut machine.secret_key, random_id("ak"));
    machine.previous_secret_key = Some((old, now + Duration::from_secs(ttl)));
    machine.updated_at = now;
    store.machines.put(machine.clone());
    Ok(secret_to_json(&machine))
}

/// `POST /v1/machines/{id}/scopes`
async fn create_scope(State(shared): State<Arc<Shared>>, Path(id): Path<String>, mut fields: BodyFields) -> ApiResult {
    let other = fields.required_text("to_machine_id")?;
    fields.finish()?;
    let now = shared.clock.now();
    let mut store = shared.store();
    let mut machine = find_or_404(&store, &id)?;
    find_or_404(&store, &other)?;
    if machine.scopes.contains_key(&other) {
        let problem = "the machine can talk to that one already";
        return Err(ApiError::new(StatusCode::CONFLICT, "machine_scope_already_exists", problem));
    }
    machine.scopes.insert(other.clone(), now);
    store.machines.put(machine);
    Ok(Json(json!({"object": "machine_scope", "from_machine_id": id, "to_machine_id": other, "created_at": now})))
}

/// `DELETE /v1/machines/{id}/scopes/{other_id}`
async fn delete_scope(State(shared): State<Arc<Shared>>, Path((id, other)): Path<(String, String)>) -> ApiResult {
    let mut store = shared.store();
    let mut machine = find_or_404(&store, &id)?;
    machine.scopes.remove(&other).ok_or_else(|| ApiError::not_found("scope", &other))?;
    store.machines.put(machine);
    Ok(Json(json!({"object": "machine_scope", "from_machine_id": id, "to_machine_id": other, "deleted": true})))
}
