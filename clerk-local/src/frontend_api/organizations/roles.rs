//! Roles of an organization, and lists that are always empty.

use axum::{extract::Path, response::Response};
use serde_json::Value;

use super::{paginate, require_member, resource};
use crate::frontend_api::{FrontendError, FrontendRequest};

pub(super) async fn list(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    require_member(&request, &id)?;
    let all: Vec<Value> = request.shared.store().roles.iter().map(resource::role).collect();
    Ok(request.respond(&paginate(&request, all)))
}

/// Domains and membership requests: always empty.
pub(super) async fn empty_list(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    require_member(&request, &id)?;
    Ok(request.respond(&paginate(&request, Vec::new())))
}
