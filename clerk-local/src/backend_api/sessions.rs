//! What backends ask about browsers: the cookies of a handshake, and those of a refreshed session.

use std::sync::{Arc, atomic::Ordering};

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use clerk_core::time::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{error, json_response};
use crate::{
    frontend_api::session_cookies,
    resource,
    shared::Shared,
    store::{End, Store},
};

#[derive(Debug, Deserialize)]
pub(super) struct Nonce {
    nonce: String,
}

/// `GET /v1/clients/handshake_payload?nonce=`
pub(super) async fn handshake_payload(State(shared): State<Arc<Shared>>, Query(asked): Query<Nonce>) -> Response {
    shared.handshake_requests.fetch_add(1, Ordering::SeqCst);
    match shared.handshakes().take(&asked.nonce, shared.clock.now()) {
        Some(directives) => json_response(StatusCode::OK, &json!({ "directives": directives })),
        None => error(StatusCode::NOT_FOUND, "resource_not_found", "no handshake left this nonce, or it was used"),
    }
}

/// `GET /v1/sessions/{id}`
///
/// Tokens that were made by hand belong to sessions that nobody has signed in to; those count as active until they are
/// ended.
pub(super) async fn session(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    shared.session_requests.fetch_add(1, Ordering::SeqCst);
    match described(&shared.store(), &id, shared.clock.now()) {
        Some(session) => json_response(StatusCode::OK, &session),
        None => no_session(),
    }
}

/// `POST /v1/sessions/{id}/revoke`
pub(super) async fn revoke(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    shared.revoke_requests.fetch_add(1, Ordering::SeqCst);
    if described(&shared.store(), &id, shared.clock.now()).is_none() {
        return no_session();
    }
    shared.end_session(&id, End::Revoked);
    described(&shared.store(), &id, shared.clock.now())
        .map_or_else(no_session, |session| json_response(StatusCode::OK, &session))
}

#[derive(Debug, Deserialize)]
pub(super) struct Listing {
    user_id: String,
    status: Option<String>,
    limit: Option<usize>,
    offset: Option<usize>,
}

/// `GET /v1/sessions?user_id=`
pub(super) async fn list(State(shared): State<Arc<Shared>>, Query(asked): Query<Listing>) -> Response {
    let store = shared.store();
    let now = shared.clock.now();
    let sessions: Vec<_> = store
        .live_sessions_of(&asked.user_id, now)
        .filter(|session| asked.status.as_ref().is_none_or(|status| store.status(session, now) == *status))
        .skip(asked.offset.unwrap_or(0))
        .take(asked.limit.unwrap_or(10).min(500))
        .map(|session| resource::session(session, store.status(session, now), store.active_organization(session)))
        .collect();
    json_response(StatusCode::OK, &sessions.into())
}

fn no_session() -> Response {
    error(StatusCode::NOT_FOUND, "resource_not_found", "there is no such session")
}

fn described(store: &Store, id: &str, now: Timestamp) -> Option<Value> {
    if let Some(session) = store.sessions.get(id) {
        return Some(resource::session(session, store.status(session, now), store.active_organization(session)));
    }
    let status = match store.end_of(id) {
        Some(end) => end.status(),
        None if id.starts_with("sess_") => "active",
        None => return None,
    };
    Some(json!({ "object": "session", "id": id, "user_id": null, "status": status }))
}

#[derive(Debug, Deserialize)]
pub(super) struct Refresh {
    refresh_token: String,
    request_origin: String,
}

/// `POST /v1/sessions/{id}/refresh`
pub(super) async fn refresh(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    Json(asked): Json<Refresh>,
) -> Response {
    shared.refresh_requests.fetch_add(1, Ordering::SeqCst);
    let store = shared.store();
    let session = store.sessions.get(&id).filter(|session| session.is_live(shared.clock.now())).cloned();
    let client = session.as_ref().and_then(|session| store.clients.get(&session.client_id)).cloned();
    drop(store);
    let (Some(session), Some(client)) = (session, client) else {
        return error(StatusCode::NOT_FOUND, "resource_not_found", "there is no such session, or it was ended");
    };
    if session.refresh_token != asked.refresh_token {
        return error(StatusCode::UNAUTHORIZED, "refresh_token_mismatch", "the refresh token is not the session's");
    }
    let cookies = session_cookies::all(&shared, &client, Some(&session), &asked.request_origin);
    json_response(StatusCode::OK, &json!({ "object": "cookies", "cookies": cookies }))
}
