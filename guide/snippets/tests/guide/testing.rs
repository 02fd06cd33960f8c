//! Page "Testing".

use crate::quickstart_axum::quickstart as app;

// ANCHOR: first
use axum::{Router, body::Body, http::Request};
use clerk_local::LocalClerk;
use tower::ServiceExt as _;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The status of a GET request with this token.
async fn get(app: &Router, path: &str, token: &str) -> Result<u16> {
    let request = Request::get(path).header("authorization", format!("Bearer {token}")).body(Body::empty())?;
    Ok(app.clone().oneshot(request).await?.status().as_u16())
}

#[tokio::test]
async fn a_signed_in_user_gets_their_page() -> Result {
    let local = LocalClerk::start().await?; // a Clerk instance of this test
    let app = app(local.clerk_builder()?.build()?); // your app, which takes its Clerk as an argument
    assert_eq!(get(&app, "/me", &local.token("alice")?.mint()).await?, 200);
    assert_eq!(get(&app, "/me", "no token").await?, 401);
    Ok(())
}
// ANCHOR_END: first

// ANCHOR: users
use std::time::Duration;

#[tokio::test]
async fn tokens_of_all_kinds() -> Result {
    let local = LocalClerk::start().await?;
    let app = app(local.clerk_builder()?.build()?);
    let admin = local.with_user("erin").organization("acme", "org:admin").token();
    assert_eq!(get(&app, "/me", &admin.mint()).await?, 200);
    let forged = local.token("erin")?.foreign_key().mint(); // signed with another key
    assert_eq!(get(&app, "/me", &forged).await?, 401);
    let expired = local.token("erin")?.expired(Duration::from_secs(10)).mint();
    assert_eq!(get(&app, "/me", &expired).await?, 401);

    let token = local.token("erin")?.mint();
    assert_eq!(get(&app, "/me", &token).await?, 200);
    local.advance(Duration::from_secs(70)); // the clock of the instance and of the app
    assert_eq!(get(&app, "/me", &token).await?, 401);
    Ok(())
}
// ANCHOR_END: users

// ANCHOR: faults
use clerk_local::Fault;

#[tokio::test]
async fn while_clerk_is_down_known_keys_still_work() -> Result {
    let local = LocalClerk::start().await?;
    let app = app(local.clerk_builder()?.build()?);
    local.faults().jwks(Fault::Status(500));
    assert_eq!(get(&app, "/me", &local.token("alice")?.mint()).await?, 503, "no key is known yet");
    local.faults().clear();
    local.advance(Duration::from_secs(60)); // until the app may fetch the keys again
    assert_eq!(get(&app, "/me", &local.token("alice")?.mint()).await?, 200);
    local.faults().jwks(Fault::Status(500));
    assert_eq!(get(&app, "/me", &local.token("bob")?.mint()).await?, 200, "the key is known");
    Ok(())
}
// ANCHOR_END: faults

// ANCHOR: server
use clerk_local::LocalApp;

#[tokio::test]
async fn over_real_http() -> Result {
    let (local, server) = (LocalClerk::start().await?, LocalApp::bind()?);
    let routes = app(server.clerk_builder(&local)?.build()?); // accepts only tokens for this app
    let listener = tokio::net::TcpListener::from_std(server.listener()?)?;
    tokio::spawn(async move { axum::serve(listener, routes).await });

    let own = local.token("alice")?.authorized_party(server.origin()).mint();
    let other = local.token("alice")?.authorized_party("https://other.example").mint();
    assert_eq!(server.get("/me").bearer(&own).send().await?.status, 200);
    assert_eq!(server.get("/me").bearer(&other).send().await?.status, 401);
    let browser = local.browser_cookies("alice", server.origin())?;
    assert_eq!(server.get("/me").cookies(&browser).send().await?.status, 200);
    Ok(())
}
// ANCHOR_END: server
