//! `GET /v1/client/handshake`: an app asks who is signed in on a browser that it does not know enough about.

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::{cookie, session_cookies};
use crate::{
    backend_api::error,
    redirect,
    shared::Shared,
    store::{Active, Browser, User},
};

#[derive(Debug, Deserialize)]
pub(super) struct Handshake {
    redirect_url: Option<String>,
    format: Option<String>,
    #[serde(rename = "__clerk_db_jwt")]
    dev_browser: Option<String>,
    organization_id: Option<String>,
}

pub(super) async fn handshake(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(asked): Query<Handshake>,
) -> Response {
    let target = asked.redirect_url.as_deref().and_then(|url| redirect::checked(url, &shared.allowed_origins));
    let Some(mut target) = target else {
        return error(
            StatusCode::BAD_REQUEST,
            "form_param_value_invalid",
            "redirect_url must be a loopback address, or an origin that was allowed with allow_redirect_origin",
        );
    };
    let browser = browser(&shared, &headers, &asked);
    let directives = session_cookies::all(&shared, &browser, &target.origin().ascii_serialization());
    let (name, value) = if asked.format.as_deref() == Some("nonce") {
        ("__clerk_handshake_nonce", shared.handshakes().keep(directives, shared.clock.now()))
    } else {
        ("__clerk_handshake", shared.sign(&json!({ "handshake": directives })))
    };
    target.query_pairs_mut().append_pair(name, &value);
    tracing::debug!(target: "clerk_local", signed_in = browser.session.is_some(), "handshake");
    let client = session_cookies::client(&browser);
    let headers = [
        (header::LOCATION, String::from(target)),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::SET_COOKIE, client),
    ];
    (StatusCode::TEMPORARY_REDIRECT, headers).into_response()
}

/// The browser, known or new, with the organization that it asks for active if its user is a member.
fn browser(shared: &Shared, headers: &HeaderMap, asked: &Handshake) -> Browser {
    let mut store = shared.store();
    let known = store.browsers.find(cookie(headers, "__client"), asked.dev_browser.as_deref()).cloned();
    let Some(browser) = known else { return store.browsers.add(shared.clock.now()) };
    let organization = browser.session.as_ref().zip(asked.organization_id.as_deref()).and_then(|(session, wanted)| {
        if wanted.is_empty() {
            return Some(Active::None);
        }
        let organization = store.organization(wanted)?.id.clone();
        let is_member = |user: &User| user.memberships.iter().any(|one| one.organization_id == organization);
        store.user(&session.user_id).is_some_and(is_member).then_some(Active::Id(organization))
    });
    if let Some(organization) = organization {
        store.browsers.activate(&browser.client, organization);
    }
    store.browsers.find(Some(&browser.client), None).cloned().unwrap_or(browser)
}
