//! Page "Pages and the handshake".

use std::time::Duration;

use crate::running::{Outcome, Running};

// ANCHOR: app
use axum::{
    Router,
    extract::Form,
    response::Html,
    routing::{get, post},
};
use clerk_axum::{Auth, Authenticator, Clerk, ClerkLayer, ConfigError, UserId};
use serde::Deserialize;

fn app(clerk: Clerk) -> Result<Router, ConfigError> {
    let layer = ClerkLayer::new(Authenticator::new(clerk.clone()).pages()?.same_origin_only());
    let pages = Router::new()
        .route("/dashboard", get(async move |Auth(user): Auth<UserId>| dashboard(&clerk, &user)))
        .route("/notes", post(save))
        .layer(layer);
    Ok(pages)
}

#[derive(Deserialize)]
struct Note {
    text: String,
}

async fn save(Auth(user): Auth<UserId>, Form(note): Form<Note>) -> String {
    format!("{user} wrote {}", note.text)
}
// ANCHOR_END: app

// ANCHOR: script
/// A page with Clerk's script, which renews the session cookie while the page is open.
fn dashboard(clerk: &Clerk, user: &UserId) -> Html<String> {
    let frontend_api = clerk.frontend_api().unwrap_or_default();
    let key = clerk.publishable_key().map(ToString::to_string).unwrap_or_default();
    Html(format!(
        r#"<!doctype html>
<script async crossorigin="anonymous" data-clerk-publishable-key="{key}"
  src="{frontend_api}/npm/@clerk/clerk-js@6/dist/clerk.browser.js"
  onload="Clerk.load()"></script>
<p>you are {user}</p>
<form method="post" action="/notes"><input name="text"><button>Save</button></form>"#
    ))
}
// ANCHOR_END: script

// ANCHOR: links
use clerk_axum::clerk_core::browser::{RedirectError, Redirects};

/// Where "sign in" leads, and back to the dashboard from there.
fn sign_in_link(clerk: &Clerk) -> Result<String, RedirectError> {
    let mut links = Redirects::new().base_url("https://app.example.com/");
    if let Some(page) = clerk.sign_in_url() {
        links = links.sign_in_url(&page);
    }
    links.to_sign_in(Some("/dashboard")) // and to_sign_up
}
// ANCHOR_END: links

#[tokio::test]
async fn a_link_leads_to_the_sign_in_page_and_back() -> Outcome {
    let local = clerk_local::LocalClerk::start().await?;
    let link = sign_in_link(&local.clerk_builder()?.build()?)?;
    assert!(link.contains("/sign-in?redirect_url=https%3A%2F%2Fapp.example.com%2Fdashboard"), "{link}");
    Ok(())
}

#[tokio::test]
async fn a_browser_is_served_or_sent_to_clerk() -> Outcome {
    let running = Running::start(app).await?;
    let (local, app) = (&running.local, &running.app);
    let cookies = local.browser_cookies("alice", app.origin())?;
    let page = app.get("/dashboard").page().cookies(&cookies).send().await?;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("clerk.browser.js"), "{}", page.body);
    let unknown = app.get("/dashboard").page().send().await?;
    assert_eq!(unknown.status, 307);
    assert!(unknown.header("location").is_some_and(|to| to.contains("/v1/client/handshake")), "{unknown:?}");
    assert_eq!(app.get("/dashboard").send().await?.status, 401, "a program is not redirected");
    Ok(())
}

#[tokio::test]
async fn after_a_minute_a_get_is_renewed_and_a_form_is_not() -> Outcome {
    let running = Running::start(app).await?;
    let (local, app) = (&running.local, &running.app);
    let cookies = local.browser_cookies("alice", app.origin())?;
    let send = || app.post("/notes").header("origin", app.origin()).cookies(&cookies).form([("text", "hello")]);
    assert_eq!(send().send().await?.status, 200);
    let elsewhere = app.post("/notes").header("origin", "https://blog.example.com").cookies(&cookies);
    assert_eq!(elsewhere.form([("text", "hello")]).send().await?.status, 401, "same_origin_only");
    local.advance(Duration::from_secs(70));
    assert_eq!(send().send().await?.status, 401); // With Clerk's refresh cookie, a GET gets a new token, whether a page or a script sends it.
    for request in [app.get("/dashboard").page(), app.get("/dashboard")] {
        let response = request.cookies(&cookies).send().await?;
        assert!(response.status == 200 && response.header("set-cookie").is_some(), "{response:?}");
    }
    assert_eq!(local.refresh_requests(), 2);
    let without_refresh = cookies.split("; ").filter(|cookie| !cookie.starts_with("__refresh")).collect::<Vec<_>>();
    let get = || app.get("/dashboard").cookies(&without_refresh.join("; "));
    assert_eq!(get().page().send().await?.status, 307, "a handshake");
    assert_eq!(get().send().await?.status, 401);
    Ok(())
}
