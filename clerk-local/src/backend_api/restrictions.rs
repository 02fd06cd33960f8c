//! The allowlist and the blocklist.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::{delete, get},
};
use serde_json::{Value, json};

use super::{
    answer::{ApiResult, deleted_object},
    fields::BodyFields,
    invitations::NewInvitation,
    query::Query,
};
use crate::{
    http::ApiError,
    keys::random_id,
    shared::Shared,
    store::{IdentifierList, ListedIdentifier},
};

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/allowlist_identifiers", get(allowed).post(allow))
        .route(
            "/allowlist_identifiers/{id}",
            delete(async |state, id| remove(state, id, IdentifierList::Allowed).await),
        )
        .route("/blocklist_identifiers", get(blocked).post(block))
        .route(
            "/blocklist_identifiers/{id}",
            delete(async |state, id| remove(state, id, IdentifierList::Blocked).await),
        )
}

const fn object(list: IdentifierList) -> &'static str {
    match list {
        IdentifierList::Allowed => "allowlist_identifier",
        IdentifierList::Blocked => "blocklist_identifier",
    }
}

fn to_json(shared: &Shared, listed: &ListedIdentifier) -> Value {
    let mut json = json!({
        "object": object(listed.list),
        "id": listed.id,
        "identifier": listed.identifier,
        "identifier_type": listed.kind(),
        "instance_id": shared.webhooks.instance_id(),
        "created_at": listed.created_at,
        "updated_at": listed.updated_at,
    });
    if let Some(id) = &listed.invitation_id {
        json["invitation_id"] = id.as_str().into();
    }
    json
}

fn all(shared: &Shared, list: IdentifierList) -> Vec<Value> {
    let store = shared.store();
    store.listed_identifiers.iter().rev().filter(|one| one.list == list).map(|one| to_json(shared, one)).collect()
}

/// `GET /v1/allowlist_identifiers`
async fn allowed(State(shared): State<Arc<Shared>>, query: Query) -> ApiResult {
    query.array(all(&shared, IdentifierList::Allowed))
}

/// `GET /v1/blocklist_identifiers`, without pages.
async fn blocked(State(shared): State<Arc<Shared>>) -> ApiResult {
    let blocked = all(&shared, IdentifierList::Blocked);
    Ok(Json(json!({"total_count": blocked.len(), "data": blocked})))
}

/// `POST /v1/allowlist_identifiers`
async fn allow(State(shared): State<Arc<Shared>>, mut fields: BodyFields) -> ApiResult {
    let notify = fields.optional("notify")?.unwrap_or(false);
    let mut listed = new(&shared, fields, IdentifierList::Allowed)?;
    if notify && !listed.identifier.starts_with('*') && listed.kind() == "email_address" {
        listed.invitation_id = Some(NewInvitation::new(&listed.identifier, listed.created_at)?.create(&shared).id);
    }
    Ok(put(&shared, listed))
}

/// `POST /v1/blocklist_identifiers`
async fn block(State(shared): State<Arc<Shared>>, fields: BodyFields) -> ApiResult {
    let listed = new(&shared, fields, IdentifierList::Blocked)?;
    Ok(put(&shared, listed))
}

fn new(shared: &Shared, mut fields: BodyFields, list: IdentifierList) -> Result<ListedIdentifier, ApiError> {
    let now = shared.clock.now();
    let identifier = fields.required_text("identifier")?.to_lowercase();
    fields.finish()?;
    let is_known = |one: &ListedIdentifier| one.list == list && one.identifier == identifier;
    if shared.store().listed_identifiers.find(is_known).is_some() {
        return Err(ApiError::duplicate("identifier"));
    }
    let id = random_id(match list {
        IdentifierList::Allowed => "alid",
        IdentifierList::Blocked => "blid",
    });
    Ok(ListedIdentifier { id, list, identifier, invitation_id: None, created_at: now, updated_at: now })
}

fn put(shared: &Shared, listed: ListedIdentifier) -> Json<Value> {
    let json = to_json(shared, &listed);
    shared.store().listed_identifiers.put(listed);
    Json(json)
}

/// `DELETE /v1/allowlist_identifiers/{id}`, and the same for the blocklist.
async fn remove(State(shared): State<Arc<Shared>>, Path(id): Path<String>, list: IdentifierList) -> ApiResult {
    let mut store = shared.store();
    store
        .listed_identifiers
        .get(&id)
        .filter(|one| one.list == list)
        .ok_or_else(|| ApiError::not_found("identifier", &id))?;
    store.listed_identifiers.remove(&id);
    Ok(deleted_object(object(list), &id))
}
