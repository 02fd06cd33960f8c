//! What backends ask about browsers: the cookies of a handshake, and those of a refreshed session.

use std::sync::{Arc, atomic::Ordering};

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{error, json_response};
use crate::{
    frontend_api::session_cookies,
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
    match described(&shared.store(), &id) {
        Some(session) => json_response(StatusCode::OK, &session),
        None => no_session(),
    }
}

/// `POST /v1/sessions/{id}/revoke`
pub(super) async fn revoke(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    shared.revoke_requests.fetch_add(1, Ordering::SeqCst);
    if described(&shared.store(), &id).is_none() {
        return no_session();
    }
    shared.end_session(&id, End::Revoked);
    described(&shared.store(), &id).map_or_else(no_session, |session| json_response(StatusCode::OK, &session))
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
    let sessions: Vec<_> = store
        .browsers
        .sessions_of(&asked.user_id)
        .filter_map(|session| described(&store, &session.id))
        .filter(|session| asked.status.as_ref().is_none_or(|status| session["status"] == **status))
        .skip(asked.offset.unwrap_or(0))
        .take(asked.limit.unwrap_or(10).min(500))
        .collect();
    json_response(StatusCode::OK, &sessions.into())
}

fn no_session() -> Response {
    error(StatusCode::NOT_FOUND, "resource_not_found", "there is no such session")
}

fn described(store: &Store, id: &str) -> Option<Value> {
    let user_id = store.browsers.with_session(id).and_then(|browser| Some(browser.session.as_ref()?.user_id.as_str()));
    let status = if let Some(end) = store.browsers.end_of(id) {
        end.status()
    } else if user_id.and_then(|user_id| store.user(user_id)).is_some_and(|user| user.pending) {
        "pending"
    } else if id.starts_with("sess_") {
        "active"
    } else {
        return None;
    };
    Some(json!({ "object": "session", "id": id, "user_id": user_id, "status": status }))
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
    let browser = shared.store().browsers.with_session(&id).cloned();
    let Some(browser) = browser else {
        return error(StatusCode::NOT_FOUND, "resource_not_found", "there is no such session, or it was ended");
    };
    if browser.session.as_ref().is_none_or(|session| session.refresh_token != asked.refresh_token) {
        return error(StatusCode::UNAUTHORIZED, "refresh_token_mismatch", "the refresh token is not the session's");
    }
    let cookies = session_cookies::all(&shared, &browser, &asked.request_origin);
    json_response(StatusCode::OK, &json!({ "object": "cookies", "cookies": cookies }))
}
