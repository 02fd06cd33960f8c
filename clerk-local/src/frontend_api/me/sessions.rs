//! Where a user is signed in.

use axum::{extract::Path, response::Response};
use serde_json::{Value, json};

use crate::{
    frontend_api::{Call, FrontendError, resource},
    store::End,
};

/// A list without an envelope.
pub(super) async fn active(call: Call) -> Result<Response, FrontendError> {
    let user = call.user()?;
    let sessions: Vec<_> = call.shared.store().live_sessions_of(&user.id, call.now).cloned().collect();
    let described: Vec<Value> = sessions
        .iter()
        .map(|session| {
            let mut described = resource::session(&call.shared, session, &call.origin);
            if let Some(described) = described.as_object_mut() {
                // Tokens are for the browser that has the session.
                described.remove("last_active_token");
            }
            described["latest_activity"] = json!({
                "object": "session_activity", "id": format!("sess_activity_{}", session.id), "is_mobile": false,
                "device_type": "local", "browser_name": "", "browser_version": "", "ip_address": "127.0.0.1",
            });
            described
        })
        .collect();
    Ok(call.bare(&described.into()))
}

pub(super) async fn revoke(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let user = call.user()?;
    let session = call.shared.store().sessions.get(&id).filter(|session| session.user_id == user.id).cloned();
    let session = session.ok_or_else(|| FrontendError::not_found("Session"))?;
    call.shared.end_session(&session.id, End::Revoked);
    let session = call.shared.store().sessions.get(&id).cloned().unwrap_or(session);
    Ok(call.answer(&resource::session(&call.shared, &session, &call.origin)))
}
