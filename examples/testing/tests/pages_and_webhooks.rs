//! Tests of the axum app's pages and webhooks over real HTTP, as an example for your own.

use std::error::Error;

use clerk_local::{LocalApp, LocalClerk};
use example_testing::axum_app::{self, Users};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// A new Clerk instance, and the running app that trusts it.
async fn start() -> Result<(LocalClerk, LocalApp, Users)> {
    let (local, app, users) = (LocalClerk::start().await?, LocalApp::bind()?, Users::default());
    let routes = axum_app::app(app.clerk_builder(&local)?.build()?, users.clone())?;
    let listener = tokio::net::TcpListener::from_std(app.listener()?)?;
    tokio::spawn(async move { axum::serve(listener, routes).await });
    local.add_webhook_endpoint(&app.url("/webhooks"))?;
    Ok((local, app, users))
}

#[tokio::test]
async fn a_signed_in_browser_gets_the_page() -> Result {
    let (local, app, _) = start().await?;
    let cookies = local.browser_cookies("alice", app.origin())?;
    let page = app.get("/dashboard").page().cookies(&cookies).send().await?;
    let alice = local.user("alice").ok_or("no user")?.id;
    assert_eq!((page.status, page.body), (200, format!("the dashboard of {alice}\n")));
    Ok(())
}

#[tokio::test]
async fn an_unknown_browser_is_sent_to_clerk() -> Result {
    let (local, app, _) = start().await?;
    let page = app.get("/dashboard").page().send().await?;
    let location = page.header("location").unwrap_or_default();
    assert_eq!(page.status, 307);
    assert!(location.starts_with(&format!("{}/v1/client/handshake", local.public_url())), "{location}");
    Ok(())
}

#[tokio::test]
async fn tokens_for_another_site_are_refused() -> Result {
    let (local, app, _) = start().await?;
    let token = local.token("alice")?;
    let own = token.clone().authorized_party(app.origin()).mint();
    let other = token.authorized_party("https://other.example").mint();
    assert_eq!(app.get("/me").bearer(&own).send().await?.status, 200);
    assert_eq!(app.get("/me").bearer(&other).send().await?.status, 401);
    Ok(())
}

#[tokio::test]
async fn webhooks_keep_the_users_in_step() -> Result {
    let (local, app, users) = start().await?;
    let erin = local.create_user("erin", "Erin Evans").id;
    assert!(local.wait_for_webhooks().await, "{:?}", local.webhook_messages());
    assert!(users.has(&erin));
    local.delete_user("erin")?;
    assert!(local.wait_for_webhooks().await);
    assert!(!users.has(&erin));
    let forged = app.post("/webhooks").json(&serde_json::json!({"type": "user.created"})).send().await?;
    assert_eq!(forged.status, 400, "without a signature");
    Ok(())
}
