//! Answers of the Backend API.

use axum::Json;
use serde_json::{Value, json};

use crate::http::ApiError;

/// The result of most operations.
pub(super) type ApiResult = Result<Json<Value>, ApiError>;

/// The answer to the deletion of an object.
pub(super) fn deleted_object(object: &str, id: &str) -> Json<Value> {
    Json(json!({"object": object, "id": id, "deleted": true}))
}
