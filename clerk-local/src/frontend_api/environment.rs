//! `GET` and `PATCH /v1/environment`: what the components are to show.

use axum::response::Response;

use super::{Call, FrontendError, resource};

pub(super) async fn environment(call: Call) -> Result<Response, FrontendError> {
    Ok(call.bare(&resource::environment(&call.shared, &call.origin)))
}
