//! What backends do to users: ban, lock, delete, take out of an organization.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use serde_json::json;

use super::{error, json_response};
use crate::{changes::Change, error::UnknownName, resource, shared::Shared};

/// `POST /v1/users/{id}/ban` and the like.
pub(super) async fn change(State(shared): State<Arc<Shared>>, Path((id, change)): Path<(String, String)>) -> Response {
    let change = match &*change {
        "ban" => Change::Ban,
        "lock" => Change::Lock,
        "unban" => Change::Unban,
        "unlock" => Change::Unlock,
        _ => return error(StatusCode::NOT_FOUND, "resource_not_found", "not found"),
    };
    match shared.change_user(&id, change) {
        Ok(user) => json_response(StatusCode::OK, &resource::user(&user)),
        Err(unknown) => not_found(&unknown),
    }
}

/// `DELETE /v1/users/{id}`
pub(super) async fn delete(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    match shared.delete_user(&id) {
        Ok(user) => json_response(StatusCode::OK, &json!({"object": "user", "id": user.id, "deleted": true})),
        Err(unknown) => not_found(&unknown),
    }
}

/// `DELETE /v1/organizations/{id}/memberships/{user_id}`
pub(super) async fn remove_member(
    State(shared): State<Arc<Shared>>,
    Path((organization, user)): Path<(String, String)>,
) -> Response {
    match shared.remove_member(&user, &organization) {
        Ok(membership) => {
            let deleted = json!({"object": "organization_membership", "id": membership.id, "deleted": true});
            json_response(StatusCode::OK, &deleted)
        }
        Err(unknown) => not_found(&unknown),
    }
}

fn not_found(unknown: &UnknownName) -> Response {
    error(StatusCode::NOT_FOUND, "resource_not_found", &unknown.to_string())
}
