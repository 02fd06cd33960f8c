//! Tests of the actix app, as an example for your own.

use std::{error::Error, time::Duration};

use actix_web::{
    App,
    http::header,
    test::{TestRequest, call_service, init_service},
};
use clerk_actix::{Clerk, ClerkMiddleware};
use clerk_local::LocalClerk;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// The status of a GET request with this token.
async fn get(clerk: &Clerk, path: &str, token: &str) -> Result<u16> {
    let app = App::new().wrap(ClerkMiddleware::new(clerk.clone())).configure(example_testing::actix_app::routes()?);
    let app = init_service(app).await;
    let request = TestRequest::get().uri(path).insert_header((header::AUTHORIZATION, format!("Bearer {token}")));
    Ok(call_service(&app, request.to_request()).await.status().as_u16())
}

#[actix_web::test]
async fn only_admins_get_invoices() -> Result {
    let local = LocalClerk::start().await?;
    let clerk = local.clerk_builder()?.build()?;
    for (role, status) in [("org:admin", 200), ("org:member", 403)] {
        let token = local.with_user("erin").organization("acme", role).token().mint();
        assert_eq!(get(&clerk, "/invoices", &token).await?, status, "{role}");
    }
    assert_eq!(get(&clerk, "/invoices", "no token").await?, 401);
    Ok(())
}

#[actix_web::test]
async fn a_token_expires_after_a_minute() -> Result {
    let local = LocalClerk::start().await?;
    let clerk = local.clerk_builder()?.build()?;
    let token = local.token("alice")?.mint();
    assert_eq!(get(&clerk, "/me", &token).await?, 200);
    local.advance(Duration::from_secs(70)); // advances the clock of the instance and the app
    assert_eq!(get(&clerk, "/me", &token).await?, 401);
    Ok(())
}
