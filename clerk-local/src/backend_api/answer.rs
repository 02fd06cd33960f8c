//! What the operations of the Backend API answer.

use axum::Json;
use serde_json::{Value, json};

use crate::http::ApiError;

/// What most operations answer.
pub(super) type ApiResult = Result<Json<Value>, ApiError>;

/// The answer to the deletion of an object.
pub(super) fn deleted_object(object: &str, id: &str) -> Json<Value> {
    Json(json!({"object": object, "id": id, "deleted": true}))
}
