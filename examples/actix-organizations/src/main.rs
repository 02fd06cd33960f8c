//! Who may do what in an organization: `cargo run -p example-actix-organizations`.

use std::{error::Error, io::Write, process::ExitCode, sync::LazyLock};

use actix_web::{App, HttpServer, web};
use clerk_actix::{
    Auth, AuthError, Authenticator, Caller, ClerkMiddleware, OrgId, Policy, RequireAuth, Session, TokenType,
    core::auth::Reverification,
};
use example_site::Site;

static REPORTS: LazyLock<Policy> = LazyLock::new(|| {
    let feature = Policy::feature("org:reports").expect("the name of a feature");
    feature.and(Policy::plan("org:pro").expect("the name of a plan"))
});

/// Browsers by their permission, API keys by their scope: the middleware lets in both.
async fn invoices(Auth(caller): Auth<Caller>) -> String {
    match caller {
        Caller::Session(session) => format!("the invoices of {}\n", session.org_id().map_or("nobody", OrgId::as_str)),
        machine => format!("the invoices, for a {}\n", machine.token_type().as_str()),
    }
}

async fn create_invoice(Auth(organization): Auth<OrgId>) -> String {
    format!("an invoice of {organization}\n")
}

/// A policy may also be asked in a handler.
async fn reports(Auth(session): Auth<Session>) -> Result<String, AuthError> {
    session.require(&REPORTS)?;
    Ok("the reports\n".to_owned())
}

async fn run() -> Result<(), Box<dyn Error>> {
    let port = Site::port()?;
    let listener = Site::listen(port)?;
    let site = Site::start(port).await?;
    let read = RequireAuth::new(Policy::permission("org:invoices:read")?.or(Policy::scope("invoices:read")?));
    let admin = Policy::role("org:admin")?;
    // Only those who have just proved who they are, and nobody who acts as somebody else.
    let danger = admin.clone().and(Policy::reverification(Reverification::Strict)).and(Policy::not_impersonated());
    let (admin, danger) = (RequireAuth::new(admin), RequireAuth::new(danger));
    let authenticator =
        Authenticator::new(site.clerk().clone()).accepts([TokenType::SessionToken, TokenType::ApiKey])?;
    write!(std::io::stdout(), "{}", site.organization_requests()?)?;
    let app = move || {
        App::new()
            .service(
                web::resource("/invoices")
                    .route(web::get().to(invoices).wrap(read.clone()))
                    .route(web::post().to(create_invoice).wrap(admin.clone())),
            )
            .route("/reports", web::get().to(reports))
            .service(web::resource("/organization").wrap(danger.clone()).delete(async || "it would be gone\n"))
            .wrap(ClerkMiddleware::new(authenticator.clone()))
    };
    HttpServer::new(app).listen(listener)?.run().await?;
    Ok(())
}

#[actix_web::main]
async fn main() -> ExitCode {
    example_site::init_logs();
    let Err(error) = run().await else { return ExitCode::SUCCESS };
    let _ = writeln!(std::io::stderr(), "error: {error}");
    ExitCode::FAILURE
}
