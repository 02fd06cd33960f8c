//! The sign-out page.

use std::sync::Arc;

use axum::{
    extract::{Form, Query, State},
    http::HeaderMap,
    response::Response,
};

use super::{
    Return, cookie, on_the_targets_host,
    pages::{self, Refusal},
    same_site, see_other,
};
use crate::shared::Shared;

pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(query): Query<Return>,
) -> Result<Response, Refusal> {
    let target = query.target(&shared)?;
    if let Some(moved) = on_the_targets_host(&headers, "/sign-out", &target) {
        return Ok(moved);
    }
    Ok(pages::sign_out(&target))
}

pub(super) async fn submit(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(form): Form<Return>,
) -> Result<Response, Refusal> {
    same_site(&headers, &shared)?;
    let target = form.target(&shared)?;
    if let Some(client) = cookie(&headers, "__client") {
        shared.store().end_sessions_of(client);
    }
    let suffix = shared.publishable_key.cookie_suffix();
    let gone = |name: &str| format!("{name}=; Path=/; SameSite=Lax; Max-Age=0");
    // Zero tells apps that the browser is signed out, and not that they do not know.
    let zero = |name: &str| format!("{name}=0; Path=/; SameSite=Lax; Max-Age=31536000");
    let cookies = [
        gone("__session"),
        gone(&format!("__session_{suffix}")),
        zero("__client_uat"),
        zero(&format!("__client_uat_{suffix}")),
        gone("__client"),
    ];
    Ok(see_other(&target, &cookies))
}
