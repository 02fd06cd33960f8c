//! A protected actix app: `cargo run -p example-actix`.
//!
//! This file is what an app needs. `pages.rs` adds pages; the package `site` starts a Clerk instance on this machine,
//! and prints commands to try.

mod pages;

use std::error::Error;

use actix_web::{App, HttpServer, dev::HttpServiceFactory, get, web};
use clerk_actix::{Auth, Clerk, ClerkMiddleware, MaybeAuth, Policy, RequireAuth, Session, UserId};
use example_site::Site;

fn api(clerk: &Clerk) -> impl HttpServiceFactory + use<> {
    let only_admins = RequireAuth::new(Policy::role("org:admin"));
    let admin = web::resource("/admin").wrap(only_admins).get(async || "only admins see this\n");
    web::scope("/api").service(hello).service(me).service(admin).wrap(ClerkMiddleware::new(clerk.clone()))
}

/// For all callers: the middleware refuses no request.
#[get("/hello")]
async fn hello(MaybeAuth(session): MaybeAuth<Session>) -> String {
    session.map_or("hello stranger\n".to_owned(), |session| format!("hello {}\n", session.user_id()))
}

/// For signed-in users: `Auth` refuses all others with 401.
#[get("/me")]
async fn me(Auth(user): Auth<UserId>) -> String {
    format!("you are {user}\n")
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let site = Site::start().await?;
    let clerk = site.clerk().clone(); // in your app: `Clerk::from_env()?`, one for all workers
    let (listener, pages) = (site.listener()?, pages::configure(&site)?);
    let app = move || App::new().service(api(&clerk)).configure(pages.clone());
    site.print_instructions()?;
    Ok(HttpServer::new(app).listen(listener)?.run().await?)
}
