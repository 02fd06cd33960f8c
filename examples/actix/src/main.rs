//! A protected actix app: `cargo run -p example-actix`.

use std::{error::Error, io::Write, process::ExitCode, sync::Arc};

use actix_web::{
    App, HttpResponse, HttpServer,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    get,
    http::{
        StatusCode,
        header::{CONTENT_TYPE, ContentType, HeaderValue},
    },
    middleware::{Next, from_fn},
    web,
};
use clerk_actix::{
    Auth, AuthRejection, Authenticator, ClerkMiddleware, MaybeAuth, Organization, Policy, RequireAuth, Session,
};
use example_site::{Page, Site};
use serde::Deserialize;
use serde_json::json;

#[get("/api/me")]
async fn me(Auth(session): Auth<Session>) -> HttpResponse {
    HttpResponse::Ok().json(json!({
        "user": session.user_id(),
        "organization": session.org_id(),
        "role": session.organization().and_then(Organization::role),
    }))
}

#[get("/")]
async fn home(site: web::Data<Site>, MaybeAuth(session): MaybeAuth<Session>) -> HttpResponse {
    to_response(site.home(session.as_ref()))
}

#[derive(Deserialize)]
struct Note {
    text: String,
}

/// The page with the form loads clerk-js; without it, a form that was open for more than a minute gets 401.
async fn save_note(site: web::Data<Site>, Auth(session): Auth<Session>, note: web::Form<Note>) -> HttpResponse {
    to_response(site.saved(&session, &note.text))
}

async fn members(site: web::Data<Site>, Auth(organization): Auth<Organization>) -> HttpResponse {
    to_response(site.members(&organization))
}

async fn admins(site: web::Data<Site>) -> HttpResponse {
    to_response(site.admins())
}

/// Shows authentication errors of pages as HTML; those of the API stay JSON.
async fn errors_as_pages(
    site: web::Data<Site>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let response = next.call(request).await?;
    let rejection = response.response().error().and_then(|error| error.as_error::<AuthRejection>());
    let page = rejection.map(|rejection| site.error_page(rejection.denied()));
    Ok(match page {
        // The rejection stays in the response: the middleware outside replaces it where a browser can sign in.
        Some(page) => response.map_body(|head, _| {
            head.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
            BoxBody::new(page.html)
        }),
        None => response.map_into_boxed_body(),
    })
}

fn to_response(page: Page) -> HttpResponse {
    let status = StatusCode::from_u16(page.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    HttpResponse::build(status)
        .content_type(ContentType::html())
        .insert_header(("cache-control", "no-store"))
        .body(page.html)
}

async fn run() -> Result<(), Box<dyn Error>> {
    let port = Site::port()?;
    let listener = Site::listen(port)?;
    let site = web::Data::from(Arc::new(Site::start(port).await?));
    write!(std::io::stdout(), "{}", site.instructions()?)?;
    let only_admins = RequireAuth::new(Policy::role("org:admin"));
    // A browser with an unknown session state is redirected to Clerk's handshake; other clients never are. Other sites
    // cannot send the form with a user's cookies.
    let clerk = ClerkMiddleware::new(Authenticator::new(site.clerk().clone()).pages()?.same_origin_only());
    let app = move || {
        let pages = |path: &str| web::resource(path.to_owned()).wrap(from_fn(errors_as_pages));
        App::new()
            .app_data(site.clone())
            .service(home)
            .service(me)
            .service(web::resource("/api/admin").wrap(only_admins.clone()).to(async || "only admins see this\n"))
            .service(pages("/members").get(members))
            .service(pages("/notes").post(save_note))
            .service(
                web::scope("/admin")
                    .wrap(only_admins.clone())
                    .wrap(from_fn(errors_as_pages))
                    .route("", web::get().to(admins)),
            )
            .wrap(clerk.clone())
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
