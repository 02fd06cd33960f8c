//! Page "Everything but these routes", actix.

use actix_web::test::{TestRequest, call_service, init_service};
use clerk_local::LocalClerk;

use crate::running::Outcome;

// ANCHOR: actix
use actix_web::web;
use clerk_actix::{Policy, RequireAuth};

/// The public routes come first, because the scope with an empty path takes all others.
fn routes(config: &mut web::ServiceConfig) {
    config.route("/", web::get().to(async || "everyone sees this")).service(
        web::scope("")
            .wrap(RequireAuth::new(Policy::signed_in()))
            .route("/account", web::get().to(async || "only signed-in users see this")),
    );
}
// ANCHOR_END: actix

#[actix_web::test]
async fn only_the_public_routes_are_public_in_actix() -> Outcome {
    let local = LocalClerk::start().await?;
    let clerk = clerk_actix::ClerkMiddleware::new(local.clerk_builder()?.build()?);
    let app = init_service(actix_web::App::new().configure(routes).wrap(clerk)).await;
    let token = local.token("alice")?.mint();
    for (path, token, status) in
        [("/", "", 200), ("/account", "", 401), ("/account", &*token, 200), ("/nothing", "", 401)]
    {
        let request = TestRequest::get().uri(path);
        let request = if token.is_empty() {
            request
        } else {
            request.insert_header(("authorization", format!("Bearer {token}")))
        };
        let response = call_service(&app, request.to_request()).await;
        assert_eq!(response.status().as_u16(), status, "{path}");
    }
    Ok(())
}
