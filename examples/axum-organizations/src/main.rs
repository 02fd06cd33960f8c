//! Roles, permissions, features and plans of an organization: `cargo run -p example-axum-organizations`.

use std::{error::Error, sync::LazyLock};

use axum::{
    Router,
    handler::Handler,
    routing::{delete, get},
};
use clerk_axum::{
    Auth, AuthRejection, Authenticator, Caller, Clerk, ClerkLayer, ConfigError, OrgId, Policy, RequireAuthLayer,
    Session, TokenType, clerk_core::auth::Reverification,
};
use example_site::Site;

static REPORTS: LazyLock<Policy> = LazyLock::new(|| {
    let feature = Policy::feature("org:reports");
    feature.and(Policy::plan("org:pro"))
});

/// The layer accepts browsers by permission and API keys by scope.
async fn invoices(Auth(caller): Auth<Caller>) -> String {
    match caller {
        Caller::Session(session) => {
            format!("the invoices of {}\n", session.org_id().map_or("no organization", OrgId::as_str))
        }
        machine => format!("the invoices, for a {}\n", machine.token_type().as_str()),
    }
}

async fn create_invoice(Auth(organization): Auth<OrgId>) -> String {
    format!("an invoice of {organization}\n")
}

/// A policy can also be checked in a handler.
async fn reports(Auth(session): Auth<Session>) -> Result<String, AuthRejection> {
    session.require(&REPORTS)?;
    Ok("the reports\n".to_owned())
}

fn app(clerk: Clerk) -> Result<Router, ConfigError> {
    let read = Policy::permission("org:invoices:read").or(Policy::scope("invoices:read"));
    let admin = Policy::role("org:admin");
    // Only admins who have just reverified, and no impersonator.
    let danger = admin.clone().and(Policy::reverification(Reverification::Strict)).and(Policy::not_impersonated());
    let guarded = |policy| RequireAuthLayer::new(policy);
    let authenticator = Authenticator::new(clerk).accepts_tokens([TokenType::SessionToken, TokenType::ApiKey])?;
    Ok(Router::new()
        .route("/invoices", get(invoices.layer(guarded(read))).post(create_invoice.layer(guarded(admin))))
        .route("/reports", get(reports))
        .route(
            "/organization",
            delete(async || "an application would delete the organization\n").layer(guarded(danger)),
        )
        .layer(ClerkLayer::new(authenticator)))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let site = Site::start().await?;
    let listener = tokio::net::TcpListener::from_std(site.listener()?)?;
    let app = app(site.clerk().clone())?;
    site.print_organization_requests()?;
    Ok(axum::serve(listener, app).await?)
}
