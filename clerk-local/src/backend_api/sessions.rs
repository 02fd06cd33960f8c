//! Sessions; also the cookies of a handshake and of a refreshed session.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use clerk_core::time::Timestamp;
use serde_json::{Value, json};

use super::{answer::ApiResult, fields::BodyFields, query::Query, users::find_or_404};
use crate::{
    frontend_api::session_cookies,
    http::ApiError,
    resource,
    shared::Shared,
    store::{ActiveOrganization, Session, SessionEnd, Store},
};

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/clients/handshake_payload", get(handshake_payload))
        .route("/sessions", get(list).post(create))
        .route("/sessions/{id}", get(session))
        .route("/sessions/{id}/revoke", post(revoke))
        .route("/sessions/{id}/refresh", post(refresh))
        .route("/sessions/{id}/tokens", post(token))
        .route("/sessions/{id}/tokens/{template}", post(template_token))
}

/// `GET /v1/clients/handshake_payload?nonce=`
async fn handshake_payload(State(shared): State<Arc<Shared>>, query: Query) -> ApiResult {
    shared.handshake_requests.fetch_add(1, Ordering::SeqCst);
    let nonce = query.get("nonce").ok_or_else(|| ApiError::missing_parameter("nonce"))?;
    let directives = shared.handshakes().take(nonce, shared.clock.now());
    directives.map(|directives| Json(json!({ "directives": directives }))).ok_or_else(|| {
        let problem = "no handshake left this nonce, or it was used";
        ApiError::new(StatusCode::NOT_FOUND, "resource_not_found", problem)
    })
}

/// `GET /v1/sessions/{id}`
///
/// A hand-made token has a session id without a sign-in. Such a session counts as active until it is ended.
async fn session(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    shared.session_requests.fetch_add(1, Ordering::SeqCst);
    find_json(&shared.store(), &id, shared.clock.now()).map(Json).ok_or_else(|| ApiError::not_found("session", &id))
}

/// `POST /v1/sessions`: signs a user in on a new client, which no browser has.
async fn create(State(shared): State<Arc<Shared>>, mut fields: BodyFields) -> ApiResult {
    let user_id = fields.required_text("user_id")?;
    let organization: Option<String> = fields.optional("active_organization_id")?;
    fields.finish()?;
    let store = shared.store();
    let user = find_or_404(&store, &user_id)?;
    if let Some(id) = &organization {
        store.membership(&user_id, id).ok_or_else(|| ApiError::not_found("organization of the user", id))?;
    }
    drop(store);
    if !user.can_sign_in(shared.clock.now()) {
        return Err(ApiError::new(StatusCode::FORBIDDEN, "user_locked", "the user is banned or locked"));
    }
    let client = shared.store().clients.add(shared.clock.now());
    let client = shared.sign_in(&client, &user_id);
    let id = client.last_active_session_id.unwrap_or_default();
    let mut store = shared.store();
    if let (Some(organization), Some(session)) = (organization, store.sessions.get_mut(&id)) {
        session.organization = ActiveOrganization::Id(organization);
    }
    find_json(&store, &id, shared.clock.now()).map(Json).ok_or_else(|| ApiError::not_found("session", &id))
}

/// `POST /v1/sessions/{id}/revoke`
async fn revoke(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    shared.revoke_requests.fetch_add(1, Ordering::SeqCst);
    let session = || find_json(&shared.store(), &id, shared.clock.now());
    session().ok_or_else(|| ApiError::not_found("session", &id))?;
    shared.end_session(&id, SessionEnd::Revoked);
    session().map(Json).ok_or_else(|| ApiError::not_found("session", &id))
}

/// `GET /v1/sessions`
async fn list(State(shared): State<Arc<Shared>>, query: Query) -> ApiResult {
    const STATUSES: &[&str] = &["abandoned", "active", "ended", "expired", "pending", "removed", "replaced", "revoked"];
    let now = shared.clock.now();
    let status = query.choice("status", STATUSES)?;
    let store = shared.store();
    let sessions = store.sessions.iter().rev().filter(|session| {
        query.get("user_id").is_none_or(|id| session.user_id == id)
            && query.get("client_id").is_none_or(|id| session.client_id == id)
            && status.is_none_or(|status| store.status(session, now) == status)
    });
    query.array(sessions.map(|session| to_json(&store, session, now)).collect())
}

/// A session in the Backend API.
pub(super) fn to_json(store: &Store, session: &Session, now: Timestamp) -> Value {
    let status = store.status(session, now);
    let mut described = resource::session(session, status, store.active_organization(session));
    if status == "pending" {
        described["tasks"] = resource::tasks(&store.tasks(session));
    }
    described
}

/// The session to make a token of, and the token's lifetime.
fn find_live_session(
    shared: &Shared,
    id: &str,
    mut fields: BodyFields,
) -> Result<(Session, Option<Duration>), ApiError> {
    // Clerk's limits in seconds: 30 seconds to 10 years.
    let lifetime: Option<u64> = fields.optional("expires_in_seconds")?;
    if lifetime.is_some_and(|seconds| !(30..=315_360_000).contains(&seconds)) {
        return Err(ApiError::invalid_value("expires_in_seconds", "between 30 seconds and 10 years"));
    }
    fields.finish()?;
    let store = shared.store();
    let session = store.sessions.get(id).filter(|session| session.is_live(shared.clock.now()));
    let session = session.ok_or_else(|| ApiError::not_found("live session", id))?;
    Ok((session.clone(), lifetime.map(Duration::from_secs)))
}

/// `POST /v1/sessions/{id}/tokens`
async fn token(State(shared): State<Arc<Shared>>, Path(id): Path<String>, fields: BodyFields) -> ApiResult {
    let (session, lifetime) = find_live_session(&shared, &id, fields)?;
    let token = shared.session_token(&session).ok_or_else(|| ApiError::not_found("user of session", &id))?;
    let token = match lifetime {
        None => token,
        Some(lifetime) => token.lifetime(lifetime),
    };
    Ok(Json(json!({"object": "token", "jwt": token.mint()})))
}

/// `POST /v1/sessions/{id}/tokens/{template}`
async fn template_token(
    State(shared): State<Arc<Shared>>,
    Path((id, name)): Path<(String, String)>,
    fields: BodyFields,
) -> ApiResult {
    let (session, lifetime) = find_live_session(&shared, &id, fields)?;
    let template = shared.store().jwt_templates.find(|template| template.name == name).cloned();
    let template = template.ok_or_else(|| ApiError::not_found("JWT template", &name))?;
    let jwt = shared.template_token(&session, &template, None, lifetime);
    let jwt = jwt.ok_or_else(|| ApiError::not_found("user of session", &id))?;
    Ok(Json(json!({"object": "token", "jwt": jwt})))
}

fn find_json(store: &Store, id: &str, now: Timestamp) -> Option<Value> {
    if let Some(session) = store.sessions.get(id) {
        return Some(to_json(store, session, now));
    }
    let status = match store.session_end(id) {
        Some(end) => end.status(),
        None if id.starts_with("sess_") => "active",
        None => return None,
    };
    Some(json!({ "object": "session", "id": id, "user_id": null, "status": status }))
}

/// `POST /v1/sessions/{id}/refresh`
async fn refresh(State(shared): State<Arc<Shared>>, Path(id): Path<String>, mut fields: BodyFields) -> ApiResult {
    shared.refresh_requests.fetch_add(1, Ordering::SeqCst);
    let refresh_token = fields.required_text("refresh_token")?;
    let origin = fields.required_text("request_origin")?;
    let format: Option<String> = fields.optional("format")?;
    // The path has the session's id, so the expired token is not needed.
    fields.ignore(&["expired_token", "request_headers", "request_originating_ip"]);
    fields.finish()?;
    let store = shared.store();
    let session = store.sessions.get(&id).filter(|session| session.is_live(shared.clock.now())).cloned();
    let client = session.as_ref().and_then(|session| store.clients.get(&session.client_id)).cloned();
    drop(store);
    let (Some(session), Some(client)) = (session, client) else {
        return Err(ApiError::not_found("live session", &id));
    };
    if session.refresh_token != refresh_token {
        let problem = "the refresh token is not the session's";
        return Err(ApiError::new(StatusCode::UNAUTHORIZED, "refresh_token_mismatch", problem));
    }
    if format.as_deref() == Some("token") {
        let token = shared.session_token(&session).ok_or_else(|| ApiError::not_found("user of session", &id))?;
        return Ok(Json(json!({"object": "token", "jwt": token.authorized_party(&origin).mint()})));
    }
    let cookies = session_cookies::for_session(&shared, &client, Some(&session), &origin);
    Ok(Json(json!({"object": "cookies", "cookies": cookies})))
}
