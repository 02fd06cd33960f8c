//! The roles that members can have; and what no organization here has.

use axum::{extract::Path, response::Response};
use serde_json::Value;

use super::{member, paginated, resource};
use crate::frontend_api::{Call, FrontendError};

pub(super) async fn list(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    member(&call, &id)?;
    let all: Vec<Value> = call.shared.store().roles.iter().map(resource::role).collect();
    Ok(call.answer(&paginated(&call, all)))
}

/// Domains and requests to become a member: none.
pub(super) async fn nothing(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    member(&call, &id)?;
    Ok(call.answer(&paginated(&call, Vec::new())))
}
