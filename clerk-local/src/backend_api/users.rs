//! What backends ask about users and organizations, and do to users: ban, lock, delete, take out of an organization.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use serde_json::json;

use super::{error, json_response};
use crate::{changes::Change, error::UnknownName, shared::Shared};

/// `GET /v1/users/{id}`
pub(super) async fn user(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    let store = shared.store();
    let Some(user) = store.users().iter().find(|user| user.id == id) else { return not_found(&UnknownName(id)) };
    let standing = store.standing(&user.id);
    let (first, last) = user.name.split_once(' ').unwrap_or((&user.name, ""));
    json_response(
        StatusCode::OK,
        &json!({
            "object": "user", "id": user.id, "username": user.username, "first_name": first, "last_name": last,
            "banned": standing.banned, "locked": standing.locked, "public_metadata": {},
        }),
    )
}

/// `GET /v1/organizations/{id}`, or its slug
pub(super) async fn organization(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    match shared.store().organization(&id) {
        Some(organization) => json_response(
            StatusCode::OK,
            &json!({
                "object": "organization", "id": organization.id, "slug": organization.slug, "name": organization.name,
                "public_metadata": {},
            }),
        ),
        None => not_found(&UnknownName(id)),
    }
}

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
        Ok((user, banned, locked)) => json_response(
            StatusCode::OK,
            &json!({"object": "user", "id": user.id, "username": user.username, "banned": banned, "locked": locked}),
        ),
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
        Ok(()) => json_response(StatusCode::OK, &json!({"object": "organization_membership"})),
        Err(unknown) => not_found(&unknown),
    }
}

fn not_found(unknown: &UnknownName) -> Response {
    error(StatusCode::NOT_FOUND, "resource_not_found", &unknown.to_string())
}
