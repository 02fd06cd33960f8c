//! The sign-out page.

use std::sync::Arc;

use axum::{
    extract::{Form, Query, State},
    http::HeaderMap,
    response::Response,
};

use super::{ReturnQuery, pages, redirect_to_target_host, session_cookies};
use crate::{
    http::{PageError, check_same_site, cookie, see_other},
    shared::Shared,
};

pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(query): Query<ReturnQuery>,
) -> Result<Response, PageError> {
    let target = query.target(&shared)?;
    if let Some(moved) = redirect_to_target_host(&headers, "/sign-out", &target) {
        return Ok(moved);
    }
    Ok(pages::sign_out(&target))
}

pub(super) async fn submit(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(form): Form<ReturnQuery>,
) -> Result<Response, PageError> {
    check_same_site(&headers, &shared.allowed_origins)?;
    let target = form.target(&shared)?;
    let client = shared.store().clients.find(cookie(&headers, "__client"), None).map(|client| client.id.clone());
    client.iter().for_each(|id| shared.sign_out(id));
    Ok(see_other(&target, &session_cookies::clear_session(&shared)))
}
