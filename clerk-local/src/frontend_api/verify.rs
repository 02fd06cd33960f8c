//! `GET /v1/verify`: a user opens the link in an e-mail.

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use url::Url;

use super::{sign_ins, sign_ups};
use crate::{
    http::{PageError, cookie},
    shared::Shared,
    store::{EmailLink, LinkTarget},
};

#[derive(Deserialize)]
pub(super) struct VerifyQuery {
    token: String,
}

pub(super) async fn verify(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(query): Query<VerifyQuery>,
) -> Result<Response, PageError> {
    let link = shared.store().attempts.links.remove(&query.token);
    let link = link.ok_or(PageError(StatusCode::BAD_REQUEST, "this link is not known, or was opened before"))?;
    // Another browser may open the link, which is then not signed in.
    let opening = shared.store().clients.find(cookie(&headers, "__client"), None).map(|client| client.id.clone());
    let now = shared.clock.now();
    let outcome = if now < link.expire_at { complete(&shared, &link) } else { LinkOutcome::Expired };
    let mut target = Url::parse(&link.redirect_url)
        .map_err(|_| PageError(StatusCode::BAD_REQUEST, "the address to return to is invalid"))?;
    target.query_pairs_mut().append_pair("__clerk_status", outcome.as_str());
    if let LinkOutcome::Verified(Some(session_id)) = &outcome {
        target.query_pairs_mut().append_pair("__clerk_created_session", session_id);
    }
    let client = shared.store().clients.get(&link.client_id).cloned();
    let mut response = (StatusCode::SEE_OTHER, [(header::CACHE_CONTROL, "no-store")]).into_response();
    if let Some(client) = client.filter(|client| opening.as_ref() == Some(&client.id)) {
        target.query_pairs_mut().append_pair("__clerk_db_jwt", &client.dev_browser);
        if let Ok(cookie) = super::session_cookies::client_cookie(&shared, &client).parse() {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    if let Ok(location) = String::from(target).parse() {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

enum LinkOutcome {
    Expired,
    Failed,
    /// With the session that the link started; a verified identifier starts none.
    Verified(Option<String>),
}

impl LinkOutcome {
    const fn as_str(&self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Failed => "failed",
            Self::Verified(_) => "verified",
        }
    }
}

/// Completes the verification of the link, if it is still open.
fn complete(shared: &Shared, link: &EmailLink) -> LinkOutcome {
    let result = match &link.target {
        LinkTarget::SignIn(id) => complete_sign_in(shared, link, id),
        LinkTarget::SignUp(id) => complete_sign_up(shared, link, id),
        LinkTarget::Identification { user_id, id } => complete_identification(shared, link, user_id, id),
    };
    result.map_or(LinkOutcome::Failed, LinkOutcome::Verified)
}

fn complete_sign_in(shared: &Shared, link: &EmailLink, id: &str) -> Option<Option<String>> {
    let now = shared.clock.now();
    let mut sign_in = shared.store().attempts.sign_in(&link.client_id, now).filter(|one| one.id == id)?.clone();
    let first = sign_in.first.as_mut().filter(|first| link.matches(first, now))?;
    first.verify();
    let result = sign_ins::complete(shared, &link.client_id, &mut sign_in);
    let session = sign_in.created_session_id.clone();
    shared.store().attempts.put_sign_in(&link.client_id, sign_in);
    result.ok().map(|()| session)
}

fn complete_sign_up(shared: &Shared, link: &EmailLink, id: &str) -> Option<Option<String>> {
    let now = shared.clock.now();
    let mut sign_up = shared.store().attempts.sign_up(&link.client_id, now).filter(|one| one.id == id)?.clone();
    let email = sign_up.email.as_mut().filter(|email| link.matches(email, now))?;
    email.verify();
    let result = sign_ups::complete(shared, &link.client_id, &mut sign_up);
    let session = sign_up.created_session_id.clone();
    shared.store().attempts.put_sign_up(&link.client_id, sign_up);
    result.ok().map(|()| session)
}

fn complete_identification(shared: &Shared, link: &EmailLink, user_id: &str, id: &str) -> Option<Option<String>> {
    let now = shared.clock.now();
    let open = shared.store().attempts.identifications.remove(id);
    open.filter(|one| link.matches(one, now))?;
    super::me::mark_address_verified(shared, user_id, id, "email_link").ok().map(|_| None)
}
