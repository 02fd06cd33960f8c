//! `GET` and `PATCH /v1/environment`: what the components are to show.

use axum::response::Response;

use super::{FrontendError, FrontendRequest, resource};

pub(super) async fn environment(request: FrontendRequest) -> Result<Response, FrontendError> {
    Ok(request.respond_without_envelope(&resource::environment(&request.shared, &request.origin)))
}
