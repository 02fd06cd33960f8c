//! Verification of opaque tokens.

use std::sync::{Arc, atomic::Ordering};

use axum::{Extension, Json, extract::State, http::StatusCode, response::Response};
use serde_json::Value;

use crate::{
    http::{error_response, json_response},
    shared::Shared,
    store::{Machine, MachineToken, MachineTokenKind},
};

/// `POST /m2m_tokens/verify`; a machine verifies its own tokens, and those that are granted access to it.
pub(super) async fn m2m_token(
    State(shared): State<Arc<Shared>>,
    machine: Option<Extension<Machine>>,
    Json(body): Json<Value>,
) -> Response {
    verify(&shared, MachineTokenKind::M2m, &body["token"], machine.as_deref())
}

/// `POST /oauth_applications/access_tokens/verify`
pub(super) async fn oauth_token(State(shared): State<Arc<Shared>>, Json(body): Json<Value>) -> Response {
    // `secret` is the older name.
    let named = ["access_token", "secret"].map(|name| &body[name]);
    let secret = named.into_iter().find(|value| value.is_string()).unwrap_or(&Value::Null);
    verify(&shared, MachineTokenKind::OAuth, secret, None)
}

fn verify(shared: &Shared, kind: MachineTokenKind, secret: &Value, verifier: Option<&Machine>) -> Response {
    shared.verify_requests.fetch_add(1, Ordering::SeqCst);
    let store = shared.store();
    let is_granted = |token: &&MachineToken| {
        verifier.is_none_or(|machine| store.grants_access(token, &machine.id, &shared.machine_id))
    };
    // A machine learns of a token for others no more than of one that does not exist.
    match store.machine_tokens.find(kind, secret.as_str().unwrap_or_default()).filter(is_granted) {
        Some(token) => json_response(StatusCode::OK, &store.machine_token_json(token, shared.clock.now())),
        None => {
            let problem = "there is no such token, or it is not granted access to this machine";
            error_response(StatusCode::NOT_FOUND, "resource_not_found", problem)
        }
    }
}
