//! `GET /v1/client/handshake`: gives an app the cookies of a browser about which it knows too little.

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::session_cookies;
use crate::{
    http::{cookie, error_response},
    loopback,
    shared::Shared,
    store::{ActiveOrganization, Client},
};

#[derive(Debug, Deserialize)]
pub(super) struct HandshakeQuery {
    redirect_url: Option<String>,
    format: Option<String>,
    #[serde(rename = "__clerk_db_jwt")]
    dev_browser: Option<String>,
    organization_id: Option<String>,
}

pub(super) async fn handshake(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(query): Query<HandshakeQuery>,
) -> Response {
    let target = query.redirect_url.as_deref().and_then(|url| loopback::allowed_redirect(url, &shared.allowed_origins));
    let Some(mut target) = target else {
        return error_response(
            StatusCode::BAD_REQUEST,
            "form_param_value_invalid",
            "redirect_url must be a loopback address, or an origin that was allowed with allow_redirect_origin",
        );
    };
    let client = find_or_add_client(&shared, &headers, &query);
    let directives = session_cookies::for_client(&shared, &client, &target.origin().ascii_serialization());
    let (name, value) = if query.format.as_deref() == Some("nonce") {
        ("__clerk_handshake_nonce", shared.handshakes().add(directives, shared.clock.now()))
    } else {
        ("__clerk_handshake", shared.sign(&json!({ "handshake": directives })))
    };
    target.query_pairs_mut().append_pair(name, &value);
    tracing::debug!(target: "clerk_local", session_id = client.last_active_session_id, "handshake");
    let client = session_cookies::client_cookie(&shared, &client);
    let headers = [
        (header::LOCATION, String::from(target)),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::SET_COOKIE, client),
    ];
    (StatusCode::TEMPORARY_REDIRECT, headers).into_response()
}

/// The browser, known or new. Activates the organization in the query, if the user is a member.
fn find_or_add_client(shared: &Shared, headers: &HeaderMap, query: &HandshakeQuery) -> Client {
    let now = shared.clock.now();
    let mut store = shared.store();
    let known = store.clients.find(cookie(headers, "__client"), query.dev_browser.as_deref()).cloned();
    let Some(client) = known else { return store.clients.add(now) };
    let session = store.current_session(&client, now);
    let organization = session.zip(query.organization_id.as_deref()).and_then(|(session, wanted)| {
        if wanted.is_empty() {
            return Some((session.id.clone(), ActiveOrganization::None));
        }
        let organization = store.organization(wanted)?.id.clone();
        store.membership(&session.user_id, &organization)?;
        Some((session.id.clone(), ActiveOrganization::Id(organization)))
    });
    if let Some((session_id, organization)) = organization {
        if let Some(session) = store.sessions.get_mut(&session_id) {
            session.organization = organization;
        }
    }
    client
}
