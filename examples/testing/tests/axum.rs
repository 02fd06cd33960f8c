//! Tests of the axum app, as an example for your own.

use std::{error::Error, time::Duration};

use axum::{Router, body::Body, http::Request};
use clerk_local::{Fault, LocalClerk};
use example_testing::axum_app::Users;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// A new Clerk instance, and the app that trusts it.
async fn start() -> Result<(LocalClerk, Router)> {
    let local = LocalClerk::start().await?;
    let app = example_testing::axum_app::app(local.clerk_builder()?.build()?, Users::default())?;
    Ok((local, app))
}

/// Status and body of a GET request with this token.
async fn get(app: &Router, path: &str, token: &str) -> Result<(u16, String)> {
    let request = Request::get(path).header("authorization", format!("Bearer {token}")).body(Body::empty())?;
    let response = app.clone().oneshot(request).await?;
    let status = response.status().as_u16();
    Ok((status, String::from_utf8(response.into_body().collect().await?.to_bytes().into())?))
}

#[tokio::test]
async fn a_signed_in_user_gets_their_data() -> Result {
    let (local, app) = start().await?;
    let token = local.with_user("erin").organization("acme", "org:member").token().mint();
    let (status, body) = get(&app, "/me", &token).await?;
    assert_eq!(status, 200);
    assert!(body.contains(&local.user("erin").ok_or("no user")?.id), "{body}");
    Ok(())
}

#[tokio::test]
async fn a_request_without_a_valid_token_is_rejected() -> Result {
    let (local, app) = start().await?;
    assert_eq!(get(&app, "/me", "no token").await?.0, 401);
    let forged = local.token("alice")?.foreign_key().mint();
    assert_eq!(get(&app, "/me", &forged).await?.0, 401);
    let pending = local.with_user("erin").pending().token().mint();
    assert_eq!(get(&app, "/me", &pending).await?.0, 401);
    Ok(())
}

#[tokio::test]
async fn only_admins_get_invoices() -> Result {
    let (local, app) = start().await?;
    for (role, status) in [("org:admin", 200), ("org:member", 403)] {
        let token = local.with_user("erin").organization("acme", role).token().mint();
        assert_eq!(get(&app, "/invoices", &token).await?.0, status, "{role}");
    }
    Ok(())
}

#[tokio::test]
async fn a_token_expires_after_a_minute() -> Result {
    let (local, app) = start().await?;
    let token = local.token("alice")?.mint();
    assert_eq!(get(&app, "/me", &token).await?.0, 200);
    local.advance(Duration::from_secs(70)); // advances the clock of the instance and the app
    assert_eq!(get(&app, "/me", &token).await?.0, 401);
    Ok(())
}

#[tokio::test]
async fn while_clerk_is_down_cached_keys_still_work() -> Result {
    let (local, app) = start().await?;
    local.faults().jwks(Fault::Status(500));
    let token = local.token("alice")?.mint();
    assert_eq!(get(&app, "/me", &token).await?.0, 503, "no key is cached yet");
    local.faults().clear();
    local.advance(Duration::from_secs(60)); // until the app may fetch the keys again
    let token = local.token("alice")?.mint();
    assert_eq!(get(&app, "/me", &token).await?.0, 200);
    local.faults().jwks(Fault::Status(500));
    assert_eq!(get(&app, "/me", &token).await?.0, 200, "the key is cached");
    Ok(())
}
