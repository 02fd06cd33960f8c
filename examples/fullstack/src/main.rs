//! An app with Clerk's own components and a local Clerk instance: `cargo run -p example-fullstack`.
//!
//! The components come from `/__clerk/npm`, a folder of the local instance: `node tests/e2e/fetch-clerk.js` fills it.
//! `FRONTEND_API_URL=http://localhost:4400` gives the instance its own origin. With `https://`, a proxy in front must
//! terminate TLS, also for the app at `APP_URL`.

mod addresses;
mod impersonation;

use std::{env, error::Error, io::Write, net::SocketAddr, process::ExitCode};

use addresses::Addresses;
use axum::{
    Json, Router,
    response::{Html, IntoResponse},
    routing::{get, post},
};
use clerk_api::ClerkExt;
use clerk_axum::{
    Auth, Clerk, ClerkLayer, Organization, Policy, RequireAuthLayer, Session,
    clerk_core::auth::Reverification,
    proxy::{FrontendApiProxy, frontend_api_proxy},
};
use example_site::Site;
use serde_json::{Value, json};

/// The page, for every path of the components.
const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What the backend knows about the caller.
#[axum::debug_handler]
async fn me(Auth(session): Auth<Session>) -> Json<Value> {
    Json(describe(&session))
}

fn describe(session: &Session) -> Value {
    let organization = session.organization();
    let ages = session.factor_ages();
    json!({
        "user": session.user_id(),
        "session": session.session_id(),
        "organization": session.org_id(),
        "slug": organization.and_then(Organization::slug),
        "role": organization.and_then(Organization::role),
        "factor_ages": ages.map(|ages| [ages.first(), ages.second()]),
        "actor": session.actor().map(|actor| actor.subject().to_owned()),
    })
}

/// A page that the server renders: it must know the user before a script has run.
async fn rendered(auth: Option<Auth<Session>>) -> impl IntoResponse {
    let text = auth.map_or_else(|| "signed out".to_owned(), |Auth(session)| session.user_id().to_string());
    ([("cache-control", "no-store")], Html(format!("<!doctype html><title>Rendered</title><p id=user>{text}</p>")))
}

fn app(clerk: &Clerk, proxy: FrontendApiProxy, page: String) -> Result<Router, Box<dyn Error>> {
    let page = Html(page);
    let admins = Policy::role("org:admin");
    let reverified = RequireAuthLayer::new(Policy::reverification(Reverification::Strict));
    let not_impersonated = RequireAuthLayer::new(admins.clone().and(Policy::not_impersonated()));
    let api = Router::new()
        .route("/api/me", get(me))
        .route("/api/admin", get(me).route_layer(RequireAuthLayer::new(admins)))
        .route("/api/transfer", post(me).route_layer(reverified))
        .route("/api/impersonate/{user_id}", post(impersonation::impersonate).route_layer(not_impersonated))
        .layer(ClerkLayer::new(clerk.clone()))
        .with_state(clerk.api());
    let pages = Router::new().route("/rendered", get(rendered)).layer(ClerkLayer::pages(clerk.clone())?);
    Ok(pages
        .merge(api)
        .nest_service("/__clerk", frontend_api_proxy(proxy))
        .route("/page.css", get(async || ([("content-type", "text/css")], STYLE)))
        .route("/page.js", get(async || ([("content-type", "text/javascript")], SCRIPT)))
        .fallback(get(async move || ([("cache-control", "no-store")], page))))
}

async fn run() -> Result<(), Box<dyn Error>> {
    let port = Site::port()?;
    let listener = tokio::net::TcpListener::from_std(Site::listen(port)?)?;
    let addresses = Addresses::from_env(port);
    let folder = env::var("CLERK_NPM_FOLDER").unwrap_or_else(|_| "tests/e2e/npm".to_owned());
    let local = addresses.instance()?.npm_folder(folder).start().await?;
    let clerk = addresses.configure_backend(local.clerk_builder()?)?.build()?;
    let proxy = FrontendApiProxy::new(&clerk)?.with_upstream(local.frontend_api_url())?;
    let routes = app(&clerk, proxy, addresses.fill(PAGE, &local))?;
    writeln!(
        std::io::stdout(),
        "Open in a browser:\n\n  {}/\n\nlocal instance at {} with its e-mails at {}/outbox",
        addresses.app,
        local.frontend_api_url(),
        local.frontend_api_url(),
    )?;
    axum::serve(listener, routes.into_make_service_with_connect_info::<SocketAddr>()).await?;
    Ok(())
}

#[tokio::main]
async fn main() -> ExitCode {
    example_site::init_logs();
    let Err(error) = run().await else { return ExitCode::SUCCESS };
    let _ = writeln!(std::io::stderr(), "error: {error}");
    ExitCode::FAILURE
}
