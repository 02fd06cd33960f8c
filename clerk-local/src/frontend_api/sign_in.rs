//! The sign-in page: one click on a user, and the browser has real session cookies.

use std::sync::Arc;

use axum::{
    extract::{Form, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use serde::Deserialize;
use url::Url;

use super::{ReturnQuery, pages, redirect_to_target_host, session_cookies};
use crate::{
    http::{PageError, check_same_site, cookie, see_other},
    shared::Shared,
    store::Client,
};

#[derive(Debug, Deserialize)]
pub(super) struct SignInForm {
    user_id: String,
    redirect_url: Option<String>,
}

pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(query): Query<ReturnQuery>,
) -> Result<Response, PageError> {
    let target = query.target(&shared)?;
    if let Some(moved) = redirect_to_target_host(&headers, "/sign-in", &target) {
        return Ok(moved);
    }
    Ok(pages::sign_in(&shared, &target))
}

pub(super) async fn submit(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(choice): Form<SignInForm>,
) -> Result<Response, PageError> {
    check_same_site(&headers, &shared.allowed_origins)?;
    let target = ReturnQuery { redirect_url: choice.redirect_url, satellite_url: None }.target(&shared)?;
    let unknown = || PageError(StatusCode::BAD_REQUEST, "the instance has no such user");
    let (before, user_id) = {
        let mut store = shared.store();
        let user = store.user(&choice.user_id).ok_or_else(unknown)?;
        if !user.can_sign_in(shared.clock.now()) {
            return Err(PageError(StatusCode::FORBIDDEN, "this user is banned or locked"));
        }
        let user_id = user.id.clone();
        let known = store.clients.find(cookie(&headers, "__client"), cookie(&headers, "__clerk_db_jwt")).cloned();
        (known.unwrap_or_else(|| store.clients.add(shared.clock.now())), user_id)
    };
    let client = shared.sign_in(&before, &user_id);
    let target = with_dev_browser(&headers, &target, &client);
    let origin = Url::parse(&target).map_or_else(|_| "null".to_owned(), |url| url.origin().ascii_serialization());
    let mut cookies = session_cookies::for_client(&shared, &client, &origin);
    cookies.push(session_cookies::client_cookie(&shared, &client));
    tracing::info!(target: "clerk_local", user_id, session_id = client.last_active_session_id, "signed in");
    Ok(see_other(&target, &cookies))
}

/// Adds the dev browser to a target on another host, which does not get the cookies that are set here.
fn with_dev_browser(headers: &HeaderMap, target: &str, client: &Client) -> String {
    let here = headers.get(header::HOST).and_then(|host| Url::parse(&format!("http://{}", host.to_str().ok()?)).ok());
    match (here, Url::parse(target)) {
        (Some(here), Ok(mut target)) if here.host() != target.host() => {
            target.query_pairs_mut().append_pair("__clerk_db_jwt", &client.dev_browser);
            target.into()
        }
        _ => target.to_owned(),
    }
}
