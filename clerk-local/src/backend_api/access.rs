//! Authentication of requests: by the instance's secret key, or by a machine's.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::Response,
};

use crate::{http::error_response, shared::Shared, store::Machine};

/// Middleware that requires the secret key. It runs first, so that a request without the key learns nothing.
pub(super) async fn require_secret_key(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    if has_bearer_token(request.headers(), shared.secret_key.expose()) {
        next.run(request).await
    } else {
        invalid_key()
    }
}

/// Middleware that requires the secret key or a machine's; a machine is added to the request's extensions.
pub(super) async fn require_secret_or_machine_key(
    State(shared): State<Arc<Shared>>,
    mut request: Request,
    next: Next,
) -> Response {
    if has_bearer_token(request.headers(), shared.secret_key.expose()) {
        return next.run(request).await;
    }
    let Some(machine) = machine(&shared, request.headers()) else { return invalid_key() };
    request.extensions_mut().insert(machine);
    next.run(request).await
}

pub(super) async fn require_machine_key(
    State(shared): State<Arc<Shared>>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(machine) = machine(&shared, request.headers()) else { return invalid_key() };
    request.extensions_mut().insert(machine);
    next.run(request).await
}

/// The machine whose key a request presents.
fn machine(shared: &Shared, headers: &HeaderMap) -> Option<Machine> {
    let (key, now) = (bearer_token(headers), shared.clock.now());
    shared.store().machines.find(|machine| machine.has_key(key, now)).cloned()
}

fn bearer_token(headers: &HeaderMap) -> &str {
    let presented = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    presented.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default()
}

fn has_bearer_token(headers: &HeaderMap, key: &str) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(bearer_token(headers).as_bytes(), key.as_bytes()).is_ok()
}

fn invalid_key() -> Response {
    error_response(StatusCode::UNAUTHORIZED, "clerk_key_invalid", "The provided Clerk Secret Key is invalid.")
}
