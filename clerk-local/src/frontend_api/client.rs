//! `/v1/client`: the browser and its sessions.

use axum::response::Response;
use serde_json::Value;

use super::{FrontendError, FrontendRequest};

pub(super) async fn show(request: FrontendRequest) -> Result<Response, FrontendError> {
    Ok(request.respond_with_client())
}

pub(super) async fn create(mut request: FrontendRequest) -> Result<Response, FrontendError> {
    request.client_or_new();
    Ok(request.respond_with_client())
}

/// Ends the browser's sessions, and forgets its sign-in and sign-up.
pub(super) async fn delete(request: FrontendRequest) -> Result<Response, FrontendError> {
    if let Some(client) = request.client() {
        request.shared.sign_out(&client.id);
        request.shared.store().attempts.forget(&client.id);
    }
    Ok(request.respond_without_envelope(&serde_json::json!({"response": Value::Null, "client": Value::Null})))
}

/// `DELETE /v1/client/sessions`
pub(super) async fn remove_sessions(request: FrontendRequest) -> Result<Response, FrontendError> {
    if let Some(client) = request.client() {
        request.shared.remove_sessions(&client.id);
    }
    Ok(request.respond_with_client())
}
