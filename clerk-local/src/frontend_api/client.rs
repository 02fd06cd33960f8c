//! `/v1/client`: the browser, and who is signed in on it.

use axum::response::Response;
use serde_json::Value;

use super::{Call, FrontendError};

pub(super) async fn show(call: Call) -> Result<Response, FrontendError> {
    Ok(call.answer_client())
}

pub(super) async fn create(mut call: Call) -> Result<Response, FrontendError> {
    call.client_or_new();
    Ok(call.answer_client())
}

/// Signs everybody out and forgets the browser's attempts.
pub(super) async fn delete(call: Call) -> Result<Response, FrontendError> {
    if let Some(client) = call.client() {
        call.shared.sign_out(&client.id);
        call.shared.store().attempts.forget(&client.id);
    }
    Ok(call.bare(&serde_json::json!({"response": Value::Null, "client": Value::Null})))
}

/// `DELETE /v1/client/sessions`
pub(super) async fn remove_sessions(call: Call) -> Result<Response, FrontendError> {
    if let Some(client) = call.client() {
        call.shared.remove_sessions(&client.id);
    }
    Ok(call.answer_client())
}
