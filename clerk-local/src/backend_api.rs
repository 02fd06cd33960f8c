//! The Backend API, for whoever has the secret key.

use std::sync::{Arc, atomic::Ordering};

use axum::{
    Router,
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};

use crate::{host, shared::Shared};

pub(crate) fn routes(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/v1/jwks", get(jwks))
        .fallback(async || error(StatusCode::NOT_FOUND, "resource_not_found", "not found"))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), with_secret_key))
        .layer(middleware::from_fn(host::only_loopback))
        .with_state(shared)
}

/// Asks for the secret key before anything else, so that nothing else can be learned without it.
async fn with_secret_key(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let presented = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let key = presented.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    if aws_lc_rs::constant_time::verify_slices_are_equal(key.as_bytes(), shared.secret_key.expose().as_bytes()).is_ok()
    {
        return next.run(request).await;
    }
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
