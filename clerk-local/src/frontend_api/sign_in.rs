//! The sign-in page: one click on a user, and the browser has real session cookies.

use std::sync::Arc;

use axum::{
    extract::{Form, Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::Deserialize;
use url::Url;

use super::{
    Return, cookie, on_the_targets_host,
    pages::{self, Refusal},
    same_site, see_other,
};
use crate::shared::Shared;

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
    if let Some(moved) = on_the_targets_host(&headers, "/sign-in", &target) {
        return Ok(moved);
    }
    Ok(pages::sign_in(&shared, &target))
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
    let session = {
        let mut store = shared.store();
        let user_id = store.user(&choice.user_id).ok_or_else(unknown)?.id.clone();
        // The new client cookie replaces the old one, so nobody could end that one's sessions any more.
        if let Some(client) = cookie(&headers, "__client") {
            store.end_sessions_of(client);
        }
        store.start_session(&user_id, now)
    };
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
