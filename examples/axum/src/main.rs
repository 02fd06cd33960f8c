//! A protected axum app: `cargo run -p example-axum`.

use std::{error::Error, io::Write, process::ExitCode, sync::Arc};

use axum::{
    Form, Json, Router,
    extract::State,
    http::StatusCode,
    middleware::{Next, from_fn_with_state},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use clerk_axum::{Auth, Authenticator, ClerkLayer, Denied, Organization, Policy, RequireAuthLayer, Session};
use example_site::{Page, Site};
use serde::Deserialize;
use serde_json::{Value, json};

fn app(site: Arc<Site>) -> Result<Router, Box<dyn Error>> {
    let only_admins = RequireAuthLayer::new(Policy::role("org:admin"));
    let pages = Router::new()
        .route("/members", get(members))
        .route("/notes", post(save_note))
        .route("/admin", get(admins).route_layer(only_admins.clone()))
        .layer(from_fn_with_state(Arc::clone(&site), errors_as_pages))
        .route("/", get(home))
        // A browser with an unknown session state is redirected to Clerk's handshake and back. Other sites cannot send
        // the form with a user's cookies.
        .layer(ClerkLayer::new(Authenticator::new(site.clerk().clone()).pages()?.same_origin_only()));
    let api = Router::new()
        .route("/api/me", get(me))
        .route("/api/admin", get(async || "only admins see this\n").route_layer(only_admins))
        .layer(ClerkLayer::new(site.clerk().clone()));
    Ok(pages.merge(api).with_state(site))
}

#[axum::debug_handler]
async fn me(Auth(session): Auth<Session>) -> Json<Value> {
    let organization = session.organization();
    Json(json!({
        "user": session.user_id(),
        "organization": session.org_id(),
        "role": organization.and_then(Organization::role),
    }))
}

async fn home(State(site): State<Arc<Site>>, auth: Option<Auth<Session>>) -> Response {
    to_response(site.home(auth.as_ref().map(|Auth(session)| session)))
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

/// Shows authentication errors of pages as HTML; those of the API stay JSON. The response keeps its `Denied`, so that
/// the outer layer can redirect a browser to the sign-in page instead.
async fn errors_as_pages(State(site): State<Arc<Site>>, request: axum::extract::Request, next: Next) -> Response {
    let response = next.run(request).await;
    match response.extensions().get::<Denied>() {
        Some(denied) => (axum::Extension(denied.clone()), to_response(site.error_page(denied))).into_response(),
        None => response,
    }
}

fn to_response(page: Page) -> Response {
    let status = StatusCode::from_u16(page.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [("cache-control", "no-store")], Html(page.html)).into_response()
}

async fn run() -> Result<(), Box<dyn Error>> {
    let port = Site::port()?;
    let listener = tokio::net::TcpListener::from_std(Site::listen(port)?)?;
    let site = Arc::new(Site::start(port).await?);
    write!(std::io::stdout(), "{}", site.instructions()?)?;
    axum::serve(listener, app(site)?).await?;
    Ok(())
}

#[tokio::main]
async fn main() -> ExitCode {
    example_site::init_logs();
    let Err(error) = run().await else { return ExitCode::SUCCESS };
    let _ = writeln!(std::io::stderr(), "error: {error}");
    ExitCode::FAILURE
}
