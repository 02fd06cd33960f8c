//! `GET /v1/client/handshake`: the room for it.

use axum::{http::StatusCode, response::Response};

use crate::backend_api::error;

/// Answers honestly that there is no handshake yet.
pub(super) async fn handshake() -> Response {
    error(StatusCode::NOT_IMPLEMENTED, "not_implemented", "this version of clerk-local has no handshake yet")
}
