//! Clients: the browsers that the instance knows.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::{get, post},
};
use clerk_core::time::Timestamp;
use serde_json::{Value, json};

use super::{answer::ApiResult, fields::BodyFields, query::Query, sessions};
use crate::{
    http::ApiError,
    shared::Shared,
    store::{Client, Store},
};

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/clients", get(list))
        .route("/clients/verify", post(verify))
        .route("/clients/{id}", get(client))
}

fn to_json(store: &Store, client: &Client, now: Timestamp) -> Value {
    let live: Vec<_> = store.live_sessions_on(&client.id, now).collect();
    json!({
        "object": "client",
        "id": client.id,
        "session_ids": live.iter().map(|session| &session.id).collect::<Vec<_>>(),
        "sessions": live.iter().map(|session| sessions::to_json(store, session, now)).collect::<Vec<_>>(),
        "sign_in_id": null,
        "sign_up_id": null,
        "last_active_session_id": client.last_active_session_id,
        "last_authentication_strategy": null,
        "created_at": client.created_at,
        "updated_at": client.updated_at,
    })
}

/// `GET /v1/clients`
async fn list(State(shared): State<Arc<Shared>>, query: Query) -> ApiResult {
    let now = shared.clock.now();
    let store = shared.store();
    query.array(store.clients.iter().rev().map(|client| to_json(&store, client, now)).collect())
}

/// `GET /v1/clients/{id}`
async fn client(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    let store = shared.store();
    let client = store.clients.get(&id).ok_or_else(|| ApiError::not_found("client", &id))?;
    Ok(Json(to_json(&store, client, shared.clock.now())))
}

/// `POST /v1/clients/verify`: the client with this `__client` cookie.
async fn verify(State(shared): State<Arc<Shared>>, mut fields: BodyFields) -> ApiResult {
    let token = fields.required_text("token")?;
    fields.finish()?;
    let store = shared.store();
    // The error must not repeat the cookie.
    let client =
        store.clients.find(Some(&token), None).ok_or_else(|| ApiError::not_found("client", "with this token"))?;
    Ok(Json(to_json(&store, client, shared.clock.now())))
}
