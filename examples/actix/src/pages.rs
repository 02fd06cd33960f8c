//! Pages that a browser opens, and a form. A browser whose session has expired is redirected to Clerk and back.

use std::sync::Arc;

use actix_web::{
    HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{CONTENT_TYPE, ContentType, HeaderValue},
    },
    middleware::{Next, from_fn},
    web,
};
use clerk_actix::{
    Auth, AuthRejection, Authenticator, ClerkMiddleware, ConfigError, MaybeAuth, Organization, Policy, RequireAuth,
    Session,
};
use example_site::{Page, Site};
use serde::Deserialize;

/// What to pass to `App::configure`, after all other services: the scope takes every path.
pub(super) fn configure(site: &Arc<Site>) -> Result<impl FnOnce(&mut web::ServiceConfig) + Clone + use<>, ConfigError> {
    // Other sites cannot send the form with a user's cookies.
    let authenticator = Authenticator::new(site.clerk().clone()).pages()?.same_origin_only();
    let clerk = ClerkMiddleware::new(authenticator);
    let only_admins = RequireAuth::new(Policy::role("org:admin"));
    let site = web::Data::from(Arc::clone(site));
    Ok(move |config: &mut web::ServiceConfig| {
        let page = |path: &str| web::resource(path.to_owned()).wrap(from_fn(errors_as_pages));
        let admin = web::resource("/admin").wrap(only_admins).wrap(from_fn(errors_as_pages)).get(admins);
        let pages = web::scope("")
            .route("/", web::get().to(home))
            .service(page("/members").get(members))
            .service(page("/notes").post(save_note))
            .service(admin)
            .wrap(clerk);
        config.app_data(site).service(pages);
    })
}

async fn home(site: web::Data<Site>, MaybeAuth(session): MaybeAuth<Session>) -> HttpResponse {
    to_response(site.home_with_form(session.as_ref()))
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

/// Shows authentication errors of pages as HTML.
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
