//! `POST /v1/dev_browser`: registers a browser that the instance's cookies do not reach.

use axum::response::Response;
use serde_json::json;

use super::{FrontendError, FrontendRequest};

pub(super) async fn create(mut request: FrontendRequest) -> Result<Response, FrontendError> {
    let client = request.client_or_new();
    Ok(request.respond_without_envelope(&json!({ "id": client.dev_browser })))
}
