//! Who may ask what: the application with its secret key, a machine with its own.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::Response,
};

use super::answer::error;
use crate::shared::Shared;

/// Asks for the secret key before anything else, so that nothing else can be learned without it.
pub(super) async fn with_secret_key(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    if presents(request.headers(), shared.secret_key.expose()) { next.run(request).await } else { invalid_key() }
}

pub(super) async fn with_secret_or_machine_key(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    if presents(headers, shared.secret_key.expose()) || presents(headers, shared.machine_secret_key.expose()) {
        return next.run(request).await;
    }
    invalid_key()
}

pub(super) async fn with_machine_key(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    if presents(request.headers(), shared.machine_secret_key.expose()) {
        return next.run(request).await;
    }
    invalid_key()
}

pub(super) fn presents(headers: &HeaderMap, key: &str) -> bool {
    let presented = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let presented = presented.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    aws_lc_rs::constant_time::verify_slices_are_equal(presented.as_bytes(), key.as_bytes()).is_ok()
}

fn invalid_key() -> Response {
    error(StatusCode::UNAUTHORIZED, "clerk_key_invalid", "The provided Clerk Secret Key is invalid.")
}
