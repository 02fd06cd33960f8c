//! `POST /v1/dev_browser`: a browser makes itself known, where no cookie of the instance reaches it.

use axum::response::Response;
use serde_json::json;

use super::{Call, FrontendError};

pub(super) async fn create(mut call: Call) -> Result<Response, FrontendError> {
    let client = call.client_or_new();
    Ok(call.bare(&json!({ "id": client.dev_browser })))
}
