//! Page "axum".

#![allow(dead_code, reason = "the tests run `app`; `main` would need a free port 3000")]

use crate::running::{Outcome, Running};

// ANCHOR: app
use axum::{Router, routing::get};
use clerk_axum::{Auth, Clerk, ClerkLayer, UserId};

async fn me(Auth(user): Auth<UserId>) -> String {
    format!("you are {user}\n")
}

fn app(clerk: Clerk) -> Router {
    Router::new().route("/me", get(me)).layer(ClerkLayer::new(clerk))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let clerk = Clerk::from_env()?; // CLERK_SECRET_KEY, CLERK_PUBLISHABLE_KEY
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    Ok(axum::serve(listener, app(clerk)).await?)
}
// ANCHOR_END: app

/// The app above, for the tests on other pages.
pub(crate) fn quickstart(clerk: Clerk) -> Router {
    app(clerk)
}

#[tokio::test]
async fn a_token_gets_200_and_none_gets_401() -> Outcome {
    let running = Running::start(app).await?;
    let response = running.get("/me", &running.token("alice")?).await?;
    let alice = running.local.user("alice").ok_or("no user")?.id;
    assert_eq!((response.status, response.body), (200, format!("you are {alice}\n")));
    let refused = running.get("/me", "").await?;
    assert_eq!(refused.status, 401);
    // The page shows these headers.
    assert_eq!(refused.header("www-authenticate"), Some("Bearer"));
    assert!(refused.header("x-clerk-auth-reason").is_some(), "{refused:?}");
    Ok(())
}
