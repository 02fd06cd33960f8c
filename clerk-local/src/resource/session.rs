//! Sessions.

use serde_json::{Value, json};

use crate::store::{Session, SessionTask, actor_claim};

/// A session in the Backend API, with its status and active organization.
pub(crate) fn session(session: &Session, status: &str, organization_id: Option<&str>) -> Value {
    json!({
        "object": "session",
        "id": session.id,
        "client_id": session.client_id,
        "user_id": session.user_id,
        "actor": session.actor.as_deref().map(actor_claim),
        "status": status,
        "last_active_organization_id": organization_id,
        "last_active_at": session.last_active_at,
        "expire_at": session.expire_at,
        "abandon_at": session.abandon_at(),
        "created_at": session.created_at,
        "updated_at": session.updated_at,
    })
}

/// What is left to do in a pending session.
pub(crate) fn tasks(tasks: &[SessionTask]) -> Value {
    tasks.iter().map(|task| json!({ "key": task.key() })).collect()
}
