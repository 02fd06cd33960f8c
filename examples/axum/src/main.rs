//! A protected axum app: `cargo run -p example-axum`.
//!
//! This file is what an app needs. `pages.rs` adds pages; the package `site` starts a Clerk instance on this machine,
//! and prints commands to try.

mod pages;

use std::error::Error;

use axum::{Router, routing::get};
use clerk_axum::{Auth, Clerk, ClerkLayer, Policy, RequireAuthLayer, Session, UserId};
use example_site::Site;

fn api(clerk: Clerk) -> Router {
    let admin = Router::new()
        .route("/api/admin", get(async || "only admins see this\n"))
        .route_layer(RequireAuthLayer::new(Policy::role("org:admin")));
    Router::new().route("/api/hello", get(hello)).route("/api/me", get(me)).merge(admin).layer(ClerkLayer::new(clerk))
}

/// For all callers: the layer refuses no request.
async fn hello(auth: Option<Auth<Session>>) -> String {
    auth.map_or("hello stranger\n".to_owned(), |Auth(session)| format!("hello {}\n", session.user_id()))
}

/// For signed-in users: `Auth` refuses all others with 401.
async fn me(Auth(user): Auth<UserId>) -> String {
    format!("you are {user}\n")
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let site = Site::start().await?;
    let clerk = site.clerk().clone(); // in your app: `Clerk::from_env()?`
    let app = api(clerk).merge(pages::routes(&site)?);
    let listener = tokio::net::TcpListener::from_std(site.listener()?)?;
    site.print_instructions()?;
    Ok(axum::serve(listener, app).await?)
}
