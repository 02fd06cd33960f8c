//! Page "actix".

#![allow(dead_code, reason = "the tests run the app; `main` would need a free port 3000")]

use actix_web::test::{TestRequest, call_service, init_service};
use clerk_local::LocalClerk;

use crate::running::Outcome;

// ANCHOR: app
use actix_web::{App, HttpServer, get};
use clerk_actix::{Auth, Clerk, ClerkMiddleware, UserId};

#[get("/me")]
async fn me(Auth(user): Auth<UserId>) -> String {
    format!("you are {user}\n")
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let clerk = Clerk::from_env()?; // CLERK_SECRET_KEY, CLERK_PUBLISHABLE_KEY; one for all workers
    let app = move || App::new().service(me).wrap(ClerkMiddleware::new(clerk.clone()));
    Ok(HttpServer::new(app).bind("127.0.0.1:3000")?.run().await?)
}
// ANCHOR_END: app

// ANCHOR: protected
use actix_web::web;
use clerk_actix::{Policy, RequireAuth};

fn admin(config: &mut web::ServiceConfig) {
    let admins = RequireAuth::new(Policy::role("org:admin"));
    config.service(web::scope("/admin").wrap(admins).route("", web::get().to(async || "only admins see this\n")));
}
// ANCHOR_END: protected

#[actix_web::test]
async fn a_token_gets_200_and_none_gets_401() -> Outcome {
    let local = LocalClerk::start().await?;
    let clerk = local.clerk_builder()?.build()?;
    let app = App::new().service(me).configure(admin).wrap(ClerkMiddleware::new(clerk));
    let app = init_service(app).await;
    for (path, user, status) in
        [("/me", "alice", 200), ("/me", "", 401), ("/admin", "alice", 200), ("/admin", "bob", 403), ("/admin", "", 401)]
    {
        let mut request = TestRequest::get().uri(path);
        if !user.is_empty() {
            request = request.insert_header(("authorization", format!("Bearer {}", local.token(user)?.mint())));
        }
        let response = call_service(&app, request.to_request()).await;
        assert_eq!(response.status().as_u16(), status, "{path} {user}");
    }
    Ok(())
}
