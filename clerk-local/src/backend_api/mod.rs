//! The Backend API, for whoever has the secret key.

mod m2m_tokens;
mod machine_tokens;
mod sessions;
mod users;

use std::sync::{Arc, atomic::Ordering};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use serde_json::{Value, json};

use crate::{date, host, shared::Shared};

pub(crate) fn routes(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/v1/jwks", get(jwks))
        .route("/v1/clients/handshake_payload", get(sessions::handshake_payload))
        .route("/v1/sessions", get(sessions::list))
        .route("/v1/sessions/{id}", get(sessions::session))
        .route("/v1/sessions/{id}/revoke", post(sessions::revoke))
        .route("/v1/sessions/{id}/refresh", post(sessions::refresh))
        .route("/v1/users/{id}", get(users::user).delete(users::delete))
        .route("/v1/users/{id}/{change}", post(users::change))
        .route("/v1/organizations/{id}", get(users::organization))
        .route("/v1/organizations/{id}/memberships/{user_id}", delete(users::remove_member))
        .route("/api_keys/verify", post(machine_tokens::api_key))
        .route("/oauth_applications/access_tokens/verify", post(machine_tokens::oauth_token))
        .fallback(async || error(StatusCode::NOT_FOUND, "resource_not_found", "not found"))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), with_secret_key))
        // These take a machine's secret key, too, and one of them nothing else.
        .merge(
            Router::new()
                .route("/m2m_tokens/verify", post(machine_tokens::m2m_token))
                .route("/m2m_tokens/{id}/revoke", post(m2m_tokens::revoke))
                .layer(middleware::from_fn_with_state(Arc::clone(&shared), with_secret_or_machine_key)),
        )
        .merge(
            Router::new()
                .route("/m2m_tokens", post(m2m_tokens::create))
                .layer(middleware::from_fn_with_state(Arc::clone(&shared), with_machine_key)),
        )
        .layer(middleware::from_fn(host::only_loopback))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), date::dated))
        .with_state(shared)
}

/// Asks for the secret key before anything else, so that nothing else can be learned without it.
async fn with_secret_key(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    if presents(request.headers(), shared.secret_key.expose()) { next.run(request).await } else { invalid_key() }
}

async fn with_secret_or_machine_key(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    if presents(headers, shared.secret_key.expose()) || presents(headers, shared.machine_secret_key.expose()) {
        return next.run(request).await;
    }
    invalid_key()
}

async fn with_machine_key(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    if presents(request.headers(), shared.machine_secret_key.expose()) {
        return next.run(request).await;
    }
    invalid_key()
}

fn presents(headers: &HeaderMap, key: &str) -> bool {
    let presented = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let presented = presented.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    aws_lc_rs::constant_time::verify_slices_are_equal(presented.as_bytes(), key.as_bytes()).is_ok()
}

fn invalid_key() -> Response {
    error(StatusCode::UNAUTHORIZED, "clerk_key_invalid", "The provided Clerk Secret Key is invalid.")
}

async fn jwks(State(shared): State<Arc<Shared>>) -> Response {
    shared.jwks_requests.fetch_add(1, Ordering::SeqCst);
    json_response(StatusCode::OK, &shared.jwks())
}

pub(crate) fn json_response(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// An error in the form of Clerk's APIs.
pub(crate) fn error(status: StatusCode, code: &str, message: &str) -> Response {
    json_response(status, &json!({"errors": [{"code": code, "message": message, "long_message": message}]}))
}
