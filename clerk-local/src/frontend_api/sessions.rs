//! `/v1/client/sessions/{id}`: which one is active, with which organization, until when; and their tokens.

use axum::{extract::Path, http::StatusCode, response::Response};
use serde_json::{Value, json};

use super::{Call, FrontendError, resource, session_cookies};
use crate::store::{Active, End, Session};

pub(super) async fn show(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let session = call.session_of(&id)?;
    Ok(call.answer(&described(&call, &session)))
}

/// Makes the session the active one, and an organization its active one.
pub(super) async fn touch(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let mut session = call.session_of(&id)?;
    if let Some(wanted) = call.form.raw("active_organization_id") {
        session.organization = organization(&call, &session, wanted)?;
    }
    session.last_active_at = call.now;
    let mut store = call.shared.store();
    // It may have ended in between.
    if let Some(known) = store.sessions.get_mut(&id).filter(|known| known.end.is_none()) {
        *known = session.clone();
    }
    if let Some(client) = store.clients.get_mut(&session.client_id) {
        client.last_active_session_id = Some(id);
    }
    drop(store);
    Ok(call.answer(&described(&call, &session)))
}

/// What is then active: an organization that the user belongs to, or none.
fn organization(call: &Call, session: &Session, wanted: &str) -> Result<Active, FrontendError> {
    if wanted.is_empty() {
        return Ok(Active::None);
    }
    let store = call.shared.store();
    let organization = store.organization(wanted).map(|organization| organization.id.clone());
    let member = organization.filter(|id| store.membership(&session.user_id, id).is_some());
    member.map(Active::Id).ok_or_else(|| {
        let message = "there is no such organization, or you do not belong to it";
        FrontendError::new(StatusCode::NOT_FOUND, "organization_not_found_or_unauthorized", message)
    })
}

pub(super) async fn end(path: Path<String>, call: Call) -> Result<Response, FrontendError> {
    ended(path, &call, End::Ended)
}

pub(super) async fn remove(path: Path<String>, call: Call) -> Result<Response, FrontendError> {
    ended(path, &call, End::Removed)
}

fn ended(Path(id): Path<String>, call: &Call, end: End) -> Result<Response, FrontendError> {
    call.session_of(&id)?;
    call.shared.end_session(&id, end);
    let session = call.shared.store().sessions.get(&id).cloned();
    Ok(call.answer(&session.map_or(Value::Null, |session| described(call, &session))))
}

fn described(call: &Call, session: &Session) -> Value {
    resource::session(&call.shared, session, &call.origin)
}

/// `POST /v1/client/sessions/{id}/tokens`
pub(super) async fn token(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let mut session = call.session_of(&id).map_err(|_| FrontendError::signed_out())?;
    if let Some(wanted) = call.form.raw("organization_id") {
        session.organization = organization(&call, &session, wanted)?;
    }
    let jwt =
        session_cookies::session_token(&call.shared, &session, &call.origin).ok_or_else(FrontendError::signed_out)?;
    Ok(call.bare(&json!({"object": "token", "jwt": jwt})))
}

/// `POST /v1/client/sessions/{id}/tokens/{template}`
pub(super) async fn template_token(
    Path((id, template)): Path<(String, String)>,
    call: Call,
) -> Result<Response, FrontendError> {
    let session = call.session_of(&id).map_err(|_| FrontendError::signed_out())?;
    let known = call.shared.store().jwt_templates.find(|known| known.name == template).cloned();
    let known = known.ok_or_else(|| FrontendError::not_found(&format!("JWT template {template:?}")))?;
    let jwt = call.shared.template_token(&session, &known, Some(&call.origin), None);
    let jwt = jwt.ok_or_else(FrontendError::signed_out)?;
    Ok(call.bare(&json!({"object": "token", "jwt": jwt})))
}
