//! `POST /api/impersonate/{user_id}`: an admin impersonates another member of the organization.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use clerk_api::{ApiError, Client};
use clerk_axum::{Auth, Session};
use serde_json::{Value, json};

/// How long an impersonation may last, in seconds.
const DURATION: u32 = 10 * 60;

/// A layer has checked that the caller is an admin and not an impersonator.
pub(crate) async fn impersonate(
    State(api): State<Client>,
    Path(user_id): Path<String>,
    Auth(session): Auth<Session>,
) -> Result<Json<Value>, StatusCode> {
    let organization = session.org_id().ok_or(StatusCode::FORBIDDEN)?.to_string();
    let to_status =
        |error: ApiError| if error.is_not_found() { StatusCode::NOT_FOUND } else { StatusCode::BAD_GATEWAY };
    let members =
        api.organization_memberships().list(organization).user_id([&user_id]).send().await.map_err(to_status)?;
    // An admin of one organization may not impersonate the members of another.
    if members.data.is_empty() {
        return Err(StatusCode::NOT_FOUND);
    }
    let actor = json!({ "sub": session.user_id().as_str() });
    let token = api.actor_tokens().create(user_id, actor).session_max_duration_in_seconds(DURATION);
    let url = token.send().await.map_err(to_status)?.url.ok_or(StatusCode::BAD_GATEWAY)?;
    Ok(Json(json!({ "url": url.expose() })))
}
