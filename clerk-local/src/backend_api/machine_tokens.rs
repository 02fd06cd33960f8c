//! Verification of opaque tokens.

use std::sync::{Arc, atomic::Ordering};

use axum::{Json, extract::State, http::StatusCode, response::Response};
use serde_json::Value;

use crate::{
    http::{error_response, json_response},
    shared::Shared,
    store::MachineTokenKind,
};

/// `POST /m2m_tokens/verify`
pub(super) async fn m2m_token(State(shared): State<Arc<Shared>>, Json(body): Json<Value>) -> Response {
    verify(&shared, MachineTokenKind::M2m, &body["token"])
}

/// `POST /oauth_applications/access_tokens/verify`
pub(super) async fn oauth_token(State(shared): State<Arc<Shared>>, Json(body): Json<Value>) -> Response {
    // `secret` is the older name.
    let named = ["access_token", "secret"].map(|name| &body[name]);
    verify(&shared, MachineTokenKind::OAuth, named.into_iter().find(|value| value.is_string()).unwrap_or(&Value::Null))
}

fn verify(shared: &Shared, kind: MachineTokenKind, secret: &Value) -> Response {
    shared.verify_requests.fetch_add(1, Ordering::SeqCst);
    let store = shared.store();
    match store.machine_tokens.find(kind, secret.as_str().unwrap_or_default()) {
        Some(token) => json_response(StatusCode::OK, &token.json(shared.clock.now().unix_millis())),
        None => error_response(StatusCode::NOT_FOUND, "resource_not_found", "there is no such token"),
    }
}
