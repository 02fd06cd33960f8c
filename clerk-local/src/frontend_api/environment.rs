//! `GET` and `PATCH /v1/environment`: the settings that the components read.

use axum::response::Response;

use super::{FrontendError, FrontendRequest, resource};

pub(super) async fn environment(request: FrontendRequest) -> Result<Response, FrontendError> {
    Ok(request.respond_without_envelope(&resource::environment(&request.shared, &request.origin)))
}
