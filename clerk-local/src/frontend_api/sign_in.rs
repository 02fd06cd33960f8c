//! The sign-in page: one click on a user, and the browser has real session cookies.

use std::sync::Arc;

use axum::{
    extract::{Form, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use url::Url;

use super::{
    Return,
    pages::{self, Refusal},
    same_site, see_other,
};
use crate::{instance::Shared, redirect};

#[derive(Debug, Deserialize)]
pub(super) struct Choice {
    user_id: String,
    redirect_url: Option<String>,
}

pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(query): Query<Return>,
) -> Result<Response, Refusal> {
    let target = query.target(&shared)?;
    if let Some(moved) = on_the_targets_host(&headers, &target) {
        return Ok((StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, moved)]).into_response());
    }
    Ok(pages::sign_in(&shared, &target))
}

/// The same page under the host that the app is reached by: only that host's cookies reach the app.
fn on_the_targets_host(headers: &HeaderMap, target: &str) -> Option<String> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let here = Url::parse(&format!("http://{host}/sign-in")).ok()?;
    let target = Url::parse(target).ok()?;
    if here.host() == target.host() || !crate::host::is_loopback(&redirect::authority(&target)?) {
        return None;
    }
    let mut there = here;
    there.set_host(target.host_str()).ok()?;
    there.query_pairs_mut().append_pair("redirect_url", target.as_str());
    Some(there.into())
}

pub(super) async fn submit(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(choice): Form<Choice>,
) -> Result<Response, Refusal> {
    same_site(&headers, &shared)?;
    let target = Return { redirect_url: choice.redirect_url }.target(&shared)?;
    let unknown = || Refusal(StatusCode::BAD_REQUEST, "the instance has no such user");
    let token = shared.token(&choice.user_id).ok_or_else(unknown)?;
    let now = shared.clock.now();
    let session = shared.store().start_session(&choice.user_id, now);
    let origin = Url::parse(&target).map_or_else(|_| "null".to_owned(), |url| url.origin().ascii_serialization());
    let token = token.session_id(&session.id).authorized_party(&origin).mint();
    let suffix = shared.publishable_key.cookie_suffix();
    let uat = session.created_at.unix_seconds().to_string();
    // As Clerk's own front end sets them: readable by scripts, plain and with the instance's suffix, a year long;
    // what ends a session is the token's minute.
    let readable = |name: &str, value: &str| format!("{name}={value}; Path=/; SameSite=Lax; Max-Age=31536000");
    let cookies = [
        readable("__session", &token),
        readable(&format!("__session_{suffix}"), &token),
        readable("__client_uat", &uat),
        readable(&format!("__client_uat_{suffix}"), &uat),
        format!("__client={}; Path=/; SameSite=Lax; Max-Age=31536000; HttpOnly", session.client),
    ];
    tracing::info!(target: "clerk_local", user_id = session.user_id, session_id = session.id, "signed in");
    Ok(see_other(&target, &cookies))
}
