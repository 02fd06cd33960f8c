//! Pages that a browser opens, and a form. A browser whose session has expired is redirected to Clerk and back.

use std::sync::Arc;

use axum::{
    Extension, Form, Router,
    extract::{Request, State},
    http::StatusCode,
    middleware::{Next, from_fn_with_state},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use clerk_axum::{
    Auth, Authenticator, ClerkLayer, ConfigError, Denied, Organization, Policy, RequireAuthLayer, Session,
};
use example_site::{Page, Site};
use serde::Deserialize;

pub(super) fn routes(site: &Arc<Site>) -> Result<Router, ConfigError> {
    // Other sites cannot send the form with a user's cookies.
    let authenticator = Authenticator::new(site.clerk().clone()).pages()?.same_origin_only();
    let only_admins = RequireAuthLayer::new(Policy::role("org:admin"));
    Ok(Router::new()
        .route("/members", get(members))
        .route("/notes", post(save_note))
        .route("/admin", get(admins).route_layer(only_admins))
        .layer(from_fn_with_state(Arc::clone(site), errors_as_pages))
        .route("/", get(home))
        .layer(ClerkLayer::new(authenticator))
        .with_state(Arc::clone(site)))
}

async fn home(State(site): State<Arc<Site>>, auth: Option<Auth<Session>>) -> Response {
    to_response(site.home_with_form(auth.as_ref().map(|Auth(session)| session)))
}

#[derive(Deserialize)]
struct Note {
    text: String,
}

/// The page with the form loads clerk-js; without it, a form that was open for more than a minute gets 401.
async fn save_note(State(site): State<Arc<Site>>, Auth(session): Auth<Session>, Form(note): Form<Note>) -> Response {
    to_response(site.saved(&session, &note.text))
}

async fn members(State(site): State<Arc<Site>>, Auth(organization): Auth<Organization>) -> Response {
    to_response(site.members(&organization))
}

async fn admins(State(site): State<Arc<Site>>) -> Response {
    to_response(site.admins())
}

/// Shows authentication errors of pages as HTML. The response keeps its `Denied`, so that the outer layer can redirect
/// a browser to the sign-in page instead.
async fn errors_as_pages(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    match response.extensions().get::<Denied>() {
        Some(denied) => (Extension(denied.clone()), to_response(site.error_page(denied))).into_response(),
        None => response,
    }
}

fn to_response(page: Page) -> Response {
    let status = StatusCode::from_u16(page.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [("cache-control", "no-store")], Html(page.html)).into_response()
}
