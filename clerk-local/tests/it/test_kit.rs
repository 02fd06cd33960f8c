//! What the test of an application writes.

use std::time::Duration;

use axum::{
    Router,
    http::{HeaderMap, StatusCode},
    routing::{get, post},
};
use clerk_local::{Fault, LocalApp, LocalClerk};
use serde_json::json;

#[tokio::test]
async fn a_user_in_one_line() {
    let local = LocalClerk::start().await.unwrap();
    let clerk = local.clerk_builder().unwrap().build().unwrap();
    let erin = local.with_user("erin").name("Erin", "Evans").organization("acme", "org:member");
    let token = erin.organization("initech", "org:admin").permission("org:reports:read").plan("pro").token().mint();
    let session = clerk.verify_session_token(&token).await.unwrap();
    let organization = session.organization().unwrap();
    assert_eq!((organization.slug(), organization.role()), (Some("initech"), Some("org:admin")));
    assert!(session.has(&clerk_core::Policy::permission("org:reports:read")));
    assert!(session.has(&clerk_core::Policy::plan("user:pro")));
    assert!(session.has_permission("org:reports:read") && session.has_plan("user:pro") && session.has_plan("pro"));
    assert!(!session.has_plan("org:pro") && !session.has_role("") && !session.has_feature("a b"));
    let erin = local.user("erin").unwrap();
    assert_eq!((erin.name().as_str(), local.memberships("erin").len()), ("Erin Evans", 2));
    assert_eq!(local.with_user("erin").email_address("erin@example.com").create().id, erin.id);
    assert_eq!(local.user("erin@example.com").unwrap().id, erin.id);
}

#[tokio::test]
async fn time_moves_on_for_the_instance_and_the_app() {
    let local = LocalClerk::start().await.unwrap();
    let clerk = local.clerk_builder().unwrap().build().unwrap();
    let token = local.token("alice").unwrap().mint();
    clerk.verify_session_token(&token).await.unwrap();
    local.advance(Duration::from_secs(50));
    clerk.verify_session_token(&token).await.unwrap();
    local.advance(Duration::from_secs(20));
    assert!(clerk.verify_session_token(&token).await.is_err());
    clerk.verify_session_token(&local.token("alice").unwrap().mint()).await.unwrap();
}

/// Serves these routes at the app's address.
fn serve(app: &LocalApp, routes: Router) {
    let listener = tokio::net::TcpListener::from_std(app.listener().unwrap()).unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await });
}

#[tokio::test]
async fn an_app_gets_requests_of_programs_and_browsers() {
    let (local, app) = (LocalClerk::start().await.unwrap(), LocalApp::bind().unwrap());
    let seen = async |headers: HeaderMap, body: String| {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        let names = ["host", "authorization", "cookie", "content-type", "sec-fetch-dest", "x-more"];
        let seen: Vec<_> = names.iter().filter_map(|name| Some(format!("{name}: {}", text(name)?))).collect();
        ([("x-body", body)], format!("{}\n", seen.join("\n")))
    };
    let routes = Router::new().route("/", get(seen).post(seen).delete(seen));
    serve(&app, routes.route("/away", get(async || axum::response::Redirect::to("/"))));
    let host = app.origin().strip_prefix("http://").unwrap();
    let answer = app.get("/").bearer("abc").header("x-more", "1").send().await.unwrap();
    assert_eq!(answer.body, format!("host: {host}\nauthorization: Bearer abc\nx-more: 1\n"));
    let answer = app.post("/").cookies("a=b").form([("x", "1 2"), ("y", "ü")]).send().await.unwrap();
    assert_eq!(answer.body, format!("host: {host}\ncookie: a=b\ncontent-type: application/x-www-form-urlencoded\n"));
    assert_eq!(answer.header("x-body"), Some("x=1+2&y=%C3%BC"));
    let answer = app.request("DELETE", "/").json(&json!({"a": 1})).page().send().await.unwrap();
    assert_eq!((answer.header("x-body"), answer.body.contains("sec-fetch-dest: document")), (Some(r#"{"a":1}"#), true));
    let answer = app.get("/away").send().await.unwrap();
    assert_eq!((answer.status, answer.header("location"), answer.json()), (303, Some("/"), json!(null)));

    let clerk = app.clerk_builder(&local).unwrap().build().unwrap();
    let cookies = local.browser_cookies("alice", app.origin()).unwrap();
    let token = cookies.split("; ").find_map(|pair| pair.strip_prefix("__session=")).unwrap();
    let session = clerk.verify_session_token(token).await.unwrap();
    assert_eq!(session.user_id().as_str(), local.user("alice").unwrap().id);
    let suffix = local.publishable_key().cookie_suffix();
    for name in ["__client_uat", "__clerk_db_jwt"].map(str::to_owned).into_iter().chain([format!("__refresh_{suffix}")])
    {
        assert!(
            cookies.contains(&format!("; {name}=")) || cookies.starts_with(&format!("{name}=")),
            "{name}: {cookies}"
        );
    }
    let elsewhere = local.token("alice").unwrap().authorized_party("http://localhost:1").mint();
    assert!(clerk.verify_session_token(&elsewhere).await.is_err(), "only tokens for the app");
    assert!(local.browser_cookies("zoe", app.origin()).is_err());
}

#[tokio::test]
async fn a_test_waits_for_its_webhooks() {
    let (local, app) = (LocalClerk::start().await.unwrap(), LocalApp::bind().unwrap());
    assert!(local.wait_for_webhooks().await, "there are none");
    let handled = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let (seen, begun) = (handled.clone(), std::sync::Arc::new(tokio::sync::Semaphore::new(0)));
    let gate = begun.clone();
    let handle = async move |body: String| {
        gate.acquire().await.unwrap().forget();
        let event: serde_json::Value = serde_json::from_str(&body).unwrap();
        seen.lock().unwrap().push(event["type"].as_str().unwrap().to_owned());
    };
    serve(
        &app,
        Router::new().route("/webhooks", post(handle)).route("/broken", post(async || StatusCode::IM_A_TEAPOT)),
    );
    local.add_webhook_endpoint(&app.url("/webhooks")).unwrap();
    for user in ["alice", "bob", "carol"] {
        local.ban_user(user).unwrap();
    }
    let sent = local.webhook_messages().len();
    let waiting = local.wait_for_webhooks();
    tokio::pin!(waiting);
    assert!(poll_once(&mut waiting).await.is_none(), "the app has not answered");
    begun.add_permits(sent);
    assert!(waiting.await);
    assert_eq!(handled.lock().unwrap().len(), sent);

    let local = LocalClerk::builder().webhook_retries([Duration::from_secs(3600)]).start().await.unwrap();
    local.add_webhook_endpoint(&app.url("/broken")).unwrap();
    local.ban_user("bob").unwrap();
    let waiting = local.wait_for_webhooks();
    tokio::pin!(waiting);
    while local.webhook_messages().iter().any(|message| message.attempts().is_empty()) {
        assert!(poll_once(&mut waiting).await.is_none());
        tokio::task::yield_now().await;
    }
    local.advance(Duration::from_secs(3601));
    assert!(!waiting.await, "given up");
}

/// Polls a future once.
async fn poll_once<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    std::future::poll_fn(|context| match std::pin::Pin::new(&mut *future).poll(context) {
        std::task::Poll::Ready(output) => std::task::Poll::Ready(Some(output)),
        std::task::Poll::Pending => std::task::Poll::Ready(None),
    })
    .await
}

#[tokio::test]
async fn an_outage_uses_nothing_up() {
    let local = LocalClerk::start().await.unwrap();
    let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let url =
        format!("{}/v1/client/handshake?format=nonce&redirect_url=http://localhost:3000/", local.frontend_api_url());
    let response = http.get(url).send().await.unwrap();
    let location = url::Url::parse(response.headers()["location"].to_str().unwrap()).unwrap();
    let nonce = location.query_pairs().find(|(name, _)| name == "__clerk_handshake_nonce").unwrap().1.into_owned();
    let url = format!("{}/v1/clients/handshake_payload?nonce={nonce}", local.backend_api_url());
    let fetch =
        async || http.get(&url).bearer_auth(local.secret_key().expose()).send().await.unwrap().status().as_u16();
    local.faults().path("/v1/clients/handshake_payload", Fault::Status(503));
    assert_eq!((fetch().await, fetch().await), (503, 503));
    local.faults().clear();
    assert_eq!((fetch().await, fetch().await), (200, 404), "the nonce was still good, once");
}
