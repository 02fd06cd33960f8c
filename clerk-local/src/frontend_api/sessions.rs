//! `/v1/client/sessions/{id}`: the browser's sessions, their active organization, and tokens.

use axum::{extract::Path, http::StatusCode, response::Response};
use serde_json::{Value, json};

use super::{FrontendError, FrontendRequest, resource, session_cookies};
use crate::store::{ActiveOrganization, Session, SessionEnd};

pub(super) async fn show(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let session = request.session_by_id(&id)?;
    Ok(request.respond(&to_json(&request, &session)))
}

/// Activates the session, and an organization in it.
pub(super) async fn touch(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let mut session = request.session_by_id(&id)?;
    if let Some(wanted) = request.form.raw("active_organization_id") {
        session.organization = find_organization(&request, &session, wanted)?;
    }
    session.last_active_at = request.now;
    let mut store = request.shared.store();
    // It may have ended in between.
    if let Some(known) = store.sessions.get_mut(&id).filter(|known| known.end.is_none()) {
        *known = session.clone();
    }
    if let Some(client) = store.clients.get_mut(&session.client_id) {
        client.last_active_session_id = Some(id);
    }
    drop(store);
    Ok(request.respond(&to_json(&request, &session)))
}

/// The organization to activate, which the user must belong to, or none.
fn find_organization(
    request: &FrontendRequest,
    session: &Session,
    wanted: &str,
) -> Result<ActiveOrganization, FrontendError> {
    if wanted.is_empty() {
        return Ok(ActiveOrganization::None);
    }
    let store = request.shared.store();
    let organization = store.organization(wanted).map(|organization| organization.id.clone());
    let member = organization.filter(|id| store.membership(&session.user_id, id).is_some());
    member.map(ActiveOrganization::Id).ok_or_else(|| {
        let message = "there is no such organization, or you do not belong to it";
        FrontendError::new(StatusCode::NOT_FOUND, "organization_not_found_or_unauthorized", message)
    })
}

pub(super) async fn end(path: Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    end_and_respond(path, &request, SessionEnd::Ended)
}

pub(super) async fn remove(path: Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    end_and_respond(path, &request, SessionEnd::Removed)
}

fn end_and_respond(
    Path(id): Path<String>,
    request: &FrontendRequest,
    end: SessionEnd,
) -> Result<Response, FrontendError> {
    request.session_by_id(&id)?;
    request.shared.end_session(&id, end);
    let session = request.shared.store().sessions.get(&id).cloned();
    Ok(request.respond(&session.map_or(Value::Null, |session| to_json(request, &session))))
}

fn to_json(request: &FrontendRequest, session: &Session) -> Value {
    resource::session(&request.shared, session, &request.origin)
}

/// `POST /v1/client/sessions/{id}/tokens`
pub(super) async fn token(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let mut session = request.session_by_id(&id).map_err(|_| FrontendError::signed_out())?;
    if let Some(wanted) = request.form.raw("organization_id") {
        session.organization = find_organization(&request, &session, wanted)?;
    }
    let jwt = renew_at_edge(&request, &session)
        .or_else(|| session_cookies::session_token(&request.shared, &session, &request.origin))
        .ok_or_else(FrontendError::signed_out)?;
    Ok(request.respond_without_envelope(&json!({"object": "token", "jwt": jwt})))
}

/// The last token, which clerk-js sends, with a new time: unless the page wants present claims or another organization.
fn renew_at_edge(request: &FrontendRequest, session: &Session) -> Option<String> {
    let is_wanted = request.shared.settings().session_minter && request.form.flag("force_origin") != Some(true);
    let last = request.form.get("token").filter(|_| is_wanted)?;
    let (_, claims) = request.shared.key().parts_of(last)?;
    let active = request.shared.store().active_organization(session).map(str::to_owned);
    let is_same = claims["sid"] == *session.id && claims["o"]["id"].as_str() == active.as_deref();
    request.shared.renew_at_edge(last).filter(|_| is_same)
}

/// `POST /v1/client/sessions/{id}/tokens/{template}`
pub(super) async fn template_token(
    Path((id, template)): Path<(String, String)>,
    request: FrontendRequest,
) -> Result<Response, FrontendError> {
    let session = request.session_by_id(&id).map_err(|_| FrontendError::signed_out())?;
    let known = request.shared.store().jwt_templates.find(|known| known.name == template).cloned();
    let known = known.ok_or_else(|| FrontendError::not_found(&format!("JWT template {template:?}")))?;
    let jwt = request.shared.template_token(&session, &known, Some(&request.origin), None);
    let jwt = jwt.ok_or_else(FrontendError::signed_out)?;
    Ok(request.respond_without_envelope(&json!({"object": "token", "jwt": jwt})))
}
