//! Sign-in tokens and actor tokens: tickets to sign in as a user, or to impersonate one.

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::post,
};
use clerk_core::time::Timestamp;
use serde_json::{Map, Value, json};

use super::{answer::ApiResult, fields::BodyFields, invitations::DAY, users::find_by_parameter};
use crate::{
    http::ApiError,
    keys::random_id,
    shared::Shared,
    store::{ActorToken, SignInToken},
    tickets::TicketKind,
};

/// Default lifetimes in seconds, as with Clerk.
const SIGN_IN_LIFETIME: u64 = 30 * DAY;
const ACTOR_LIFETIME: u64 = 60 * 60;
const ACTOR_SESSION: u32 = 30 * 60;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/sign_in_tokens", post(create))
        .route("/sign_in_tokens/{id}/revoke", post(revoke))
        .route("/actor_tokens", post(create_actor))
        .route("/actor_tokens/{id}/revoke", post(revoke_actor))
}

fn expiry(fields: &mut BodyFields, now: Timestamp, default: u64) -> Result<Timestamp, ApiError> {
    let seconds = fields.optional("expires_in_seconds")?.unwrap_or(default);
    // At most 10 years.
    if !(1..=3650 * DAY).contains(&seconds) {
        return Err(ApiError::invalid_value("expires_in_seconds", "between 1 second and 10 years"));
    }
    Ok(now + Duration::from_secs(seconds))
}

/// `POST /v1/sign_in_tokens`
async fn create(State(shared): State<Arc<Shared>>, mut fields: BodyFields) -> ApiResult {
    let now = shared.clock.now();
    let token = SignInToken {
        id: random_id("sit"),
        user_id: fields.required_text("user_id")?,
        organization_id: fields.optional("org_id")?,
        status: "pending".to_owned(),
        expires_at: expiry(&mut fields, now, SIGN_IN_LIFETIME)?,
        created_at: now,
        updated_at: now,
    };
    fields.finish()?;
    let mut store = shared.store();
    let user = store.users.get(&token.user_id).ok_or_else(|| ApiError::not_found("user", &token.user_id))?;
    if let Some(id) = &token.organization_id {
        let membership = store.membership(&user.id, id);
        membership.ok_or_else(|| ApiError::not_found("organization of the user", id))?;
    }
    store.sign_in_tokens.put(token.clone());
    drop(store);
    let mut json = to_json(&token);
    show_ticket(&shared, &mut json, TicketKind::SignInToken, &token.id, token.expires_at);
    Ok(Json(json))
}

fn to_json(token: &SignInToken) -> Value {
    json!({
        "object": "sign_in_token",
        "id": token.id,
        "status": token.status,
        "user_id": token.user_id,
        "created_at": token.created_at,
        "updated_at": token.updated_at,
    })
}

/// Adds the ticket, which only the answer to the creation contains.
fn show_ticket(shared: &Shared, json: &mut Value, kind: TicketKind, id: &str, expires_at: Timestamp) {
    let ticket = shared.ticket(kind, id, expires_at, None);
    json["url"] = shared.ticket_url(&ticket).into();
    json["token"] = ticket.into();
}

/// `POST /v1/sign_in_tokens/{id}/revoke`
async fn revoke(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    let now = shared.clock.now();
    let mut store = shared.store();
    let token = store.sign_in_tokens.get_mut(&id).ok_or_else(|| ApiError::not_found("sign-in token", &id))?;
    if token.status != "pending" {
        let problem = "only a pending sign-in token can be revoked";
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "sign_in_token_cannot_be_revoked_code", problem));
    }
    "revoked".clone_into(&mut token.status);
    token.updated_at = now;
    Ok(Json(to_json(token)))
}

/// `POST /v1/actor_tokens`
async fn create_actor(State(shared): State<Arc<Shared>>, mut fields: BodyFields) -> ApiResult {
    let now = shared.clock.now();
    let user_id = fields.required_text("user_id")?;
    let actor: Map<String, Value> = fields.required("actor")?;
    let token = ActorToken {
        id: random_id("act"),
        user_id,
        actor,
        session_max_duration_in_seconds: fields.optional("session_max_duration_in_seconds")?.unwrap_or(ACTOR_SESSION),
        status: "pending".to_owned(),
        expires_at: expiry(&mut fields, now, ACTOR_LIFETIME)?,
        created_at: now,
        updated_at: now,
    };
    fields.finish()?;
    let actor_id = token.actor.get("sub").and_then(Value::as_str).unwrap_or_default();
    if actor_id.is_empty() {
        return Err(ApiError::missing_parameter("actor.sub"));
    }
    find_by_parameter(&shared.store(), "user_id", &token.user_id)?;
    shared.store().actor_tokens.put(token.clone());
    let mut json = actor_token_to_json(&token);
    show_ticket(&shared, &mut json, TicketKind::ActorToken, &token.id, token.expires_at);
    Ok(Json(json))
}

fn actor_token_to_json(token: &ActorToken) -> Value {
    json!({
        "object": "actor_token",
        "id": token.id,
        "status": token.status,
        "user_id": token.user_id,
        "actor": token.actor,
        "created_at": token.created_at,
        "updated_at": token.updated_at,
    })
}

/// `POST /v1/actor_tokens/{id}/revoke`
async fn revoke_actor(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    let now = shared.clock.now();
    let mut store = shared.store();
    let token = store.actor_tokens.get_mut(&id).ok_or_else(|| ApiError::not_found("actor token", &id))?;
    if token.status != "pending" {
        let problem = "only a pending actor token can be revoked";
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "actor_token_cannot_be_revoked_code", problem));
    }
    "revoked".clone_into(&mut token.status);
    token.updated_at = now;
    Ok(Json(actor_token_to_json(token)))
}
