//! Sessions of a user.

use axum::{extract::Path, response::Response};
use serde_json::{Value, json};

use crate::{
    frontend_api::{FrontendError, FrontendRequest, resource},
    store::SessionEnd,
};

/// A list without an envelope.
pub(super) async fn active(request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = request.user()?;
    let sessions: Vec<_> = request.shared.store().live_sessions_of(&user.id, request.now).cloned().collect();
    let described: Vec<Value> = sessions
        .iter()
        .map(|session| {
            let mut described = resource::session(&request.shared, session, &request.origin);
            if let Some(described) = described.as_object_mut() {
                // Only the session's own browser gets its token.
                described.remove("last_active_token");
            }
            described["latest_activity"] = json!({
                "object": "session_activity", "id": format!("sess_activity_{}", session.id), "is_mobile": false,
                "device_type": "local", "browser_name": "", "browser_version": "", "ip_address": "127.0.0.1",
            });
            described
        })
        .collect();
    Ok(request.respond_without_envelope(&described.into()))
}

pub(super) async fn revoke(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = request.user()?;
    let session = request.shared.store().sessions.get(&id).filter(|session| session.user_id == user.id).cloned();
    let session = session.ok_or_else(|| FrontendError::not_found("Session"))?;
    request.shared.end_session(&session.id, SessionEnd::Revoked);
    let session = request.shared.store().sessions.get(&id).cloned().unwrap_or(session);
    Ok(request.respond(&resource::session(&request.shared, &session, &request.origin)))
}
