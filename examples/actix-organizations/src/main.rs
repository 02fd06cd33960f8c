//! Roles, permissions, features and plans of an organization: `cargo run -p example-actix-organizations`.

use std::{error::Error, sync::LazyLock};

use actix_web::{App, HttpServer, web};
use clerk_actix::{
    Auth, AuthRejection, Authenticator, Caller, ClerkMiddleware, OrgId, Policy, RequireAuth, Session, TokenType,
    clerk_core::auth::Reverification,
};
use example_site::Site;

static REPORTS: LazyLock<Policy> = LazyLock::new(|| {
    let feature = Policy::feature("org:reports");
    feature.and(Policy::plan("org:pro"))
});

/// The middleware accepts browsers by permission and API keys by scope.
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

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let site = Site::start().await?;
    let listener = site.listener()?;
    let read = RequireAuth::new(Policy::permission("org:invoices:read").or(Policy::scope("invoices:read")));
    let admin = Policy::role("org:admin");
    // Only admins who have just reverified, and no impersonator.
    let danger = admin.clone().and(Policy::reverification(Reverification::Strict)).and(Policy::not_impersonated());
    let (admin, danger) = (RequireAuth::new(admin), RequireAuth::new(danger));
    let authenticator =
        Authenticator::new(site.clerk().clone()).accepts_tokens([TokenType::SessionToken, TokenType::ApiKey])?;
    site.print_organization_requests()?;
    let app = move || {
        App::new()
            .service(
                web::resource("/invoices")
                    .route(web::get().to(invoices).wrap(read.clone()))
                    .route(web::post().to(create_invoice).wrap(admin.clone())),
            )
            .route("/reports", web::get().to(reports))
            .service(
                web::resource("/organization")
                    .wrap(danger.clone())
                    .delete(async || "an application would delete the organization\n"),
            )
            .wrap(ClerkMiddleware::new(authenticator.clone()))
    };
    Ok(HttpServer::new(app).listen(listener)?.run().await?)
}
