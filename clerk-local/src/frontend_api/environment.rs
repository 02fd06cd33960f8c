//! `GET` and `PATCH /v1/environment`: what the components are to show.

use axum::response::Response;

use super::{ApiError, Call, resource};

pub(super) async fn environment(call: Call) -> Result<Response, ApiError> {
    Ok(call.bare(&resource::environment(&call.shared, &call.origin)))
}
