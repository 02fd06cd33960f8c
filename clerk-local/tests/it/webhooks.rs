//! Webhooks that the instance sends, over real loopback HTTP.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
    time::Duration,
};

use aws_lc_rs::hmac;
use axum::{
    Router,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use clerk_core::time::{Clock, ManualClock, Timestamp};
use clerk_local::{LocalClerk, StartErrorKind};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::mpsc};

/// An application that answers every webhook with the same status.
struct App {
    url: String,
    status: Arc<AtomicU16>,
    received: mpsc::UnboundedReceiver<(HeaderMap, String)>,
}

impl App {
    async fn start(status: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/webhooks", listener.local_addr().unwrap());
        let status = Arc::new(AtomicU16::new(status));
        let (sender, received) = mpsc::unbounded_channel();
        let answer = Arc::clone(&status);
        let receive = async move |headers: HeaderMap, body: String| {
            sender.send((headers, body)).unwrap();
            StatusCode::from_u16(answer.load(Ordering::SeqCst)).unwrap()
        };
        let app = Router::new().route("/webhooks", post(receive));
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, status, received }
    }

    async fn next(&mut self) -> (HeaderMap, String) {
        tokio::time::timeout(Duration::from_secs(10), self.received.recv()).await.expect("a webhook").unwrap()
    }

    async fn event(&mut self) -> Value {
        serde_json::from_str(&self.next().await.1).unwrap()
    }

    fn is_quiet(&mut self) -> bool {
        self.received.try_recv().is_err()
    }
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers[name].to_str().unwrap()
}

/// Waits until the only message has had this many attempts; returns their status codes.
async fn wait_for_attempts(local: &LocalClerk, attempts: usize) -> Vec<Option<u16>> {
    tokio::time::timeout(Duration::from_secs(10), async {
        loop {
            let messages = local.webhook_messages();
            if messages[0].attempts().len() >= attempts {
                return messages[0].attempts().iter().map(|attempt| attempt.status()).collect();
            }
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("attempts")
}

#[tokio::test]
async fn a_message_is_signed_as_the_standard_says() {
    let mut app = App::start(204).await;
    let local = LocalClerk::builder().webhook_endpoint(&app.url).start().await.unwrap();
    let id = local.send_webhook("custom.event", json!({"x": 1}));
    let (headers, body) = app.next().await;
    assert_eq!(header(&headers, "svix-id"), id);
    let signed = format!("{id}.{}.{body}", header(&headers, "svix-timestamp"));
    let key = STANDARD.decode(local.webhook_signing_secret().strip_prefix("whsec_").unwrap()).unwrap();
    let signature = header(&headers, "svix-signature").strip_prefix("v1,").unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    hmac::verify(&key, signed.as_bytes(), &STANDARD.decode(signature).unwrap()).unwrap();
    let event: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (&event["type"], &event["object"], &event["data"]),
        (&json!("custom.event"), &json!("event"), &json!({"x": 1}))
    );
    assert!(event["instance_id"].as_str().unwrap().starts_with("ins_") && event["timestamp"].is_i64());
}

#[tokio::test]
async fn every_change_sends_a_webhook() {
    let mut app = App::start(200).await;
    let local = LocalClerk::start().await.unwrap();
    local.add_webhook_endpoint(&app.url).unwrap();
    let id = |name: &str| local.user(name).unwrap().id;
    let (alice, bob) = (id("alice"), id("bob"));
    let session = local.sign_in("alice").unwrap();
    let event = app.event().await;
    assert_eq!((&event["type"], &event["data"]["id"]), (&json!("session.created"), &json!(session)));
    local.end_session(&session);
    local.end_session(&session);
    let event = app.event().await;
    assert_eq!((&event["type"], &event["data"]["status"]), (&json!("session.ended"), &json!("ended")));
    assert_eq!((&event["data"]["id"], &event["data"]["user_id"]), (&json!(session), &json!(alice)));
    local.revoke_session("sess_made_by_hand");
    let event = app.event().await;
    assert_eq!((&event["type"], &event["data"]["user_id"]), (&json!("session.revoked"), &json!("")));
    local.lock_user("bob").unwrap();
    let event = app.event().await;
    assert_eq!(event["type"], "user.updated");
    let user = &event["data"];
    assert_eq!((&user["id"], &user["banned"], &user["locked"]), (&json!(bob), &json!(false), &json!(true)));
    local.remove_member("alice", "acme").unwrap();
    let event = app.event().await;
    assert_eq!(event["type"], "organizationMembership.deleted");
    assert_eq!(event["data"]["public_user_data"]["user_id"], alice);
    assert_eq!(event["data"]["organization"]["id"], json!(local.memberships("bob")[0].organization_id));
    assert!(local.memberships("alice").iter().all(|one| one.role == "org:member"));
    assert!(local.remove_member("alice", "acme").is_err());
    local.delete_user("carol").unwrap();
    let event = app.event().await;
    assert_eq!((&event["type"], &event["data"]["deleted"]), (&json!("user.deleted"), &json!(true)));
    assert!(local.user("carol").is_none() && local.delete_user("carol").is_err());
    local.create_user("erin", "Erin");
    assert_eq!(app.event().await["type"], "user.created");
    assert!(app.is_quiet());
}

#[tokio::test]
async fn a_ban_ends_every_session_and_forbids_sign_ins() {
    let mut app = App::start(200).await;
    let local = LocalClerk::builder().webhook_endpoint(&app.url).start().await.unwrap();
    for _ in 0..2 {
        local.sign_in("bob").unwrap();
        app.next().await;
    }
    local.ban_user("bob").unwrap();
    let mut types: Vec<String> = Vec::new();
    for _ in 0..3 {
        types.push(app.event().await["type"].as_str().unwrap().to_owned());
    }
    types.sort();
    assert_eq!(types, ["session.revoked", "session.revoked", "user.updated"]);
    let sign_in = async || {
        let body = format!("user_id={}", local.user("bob").unwrap().id);
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
        let request = client.post(format!("{}/sign-in", local.frontend_api_url())).body(body);
        request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap().status()
    };
    assert_eq!(sign_in().await, 403);
    local.unban_user("bob").unwrap();
    assert_eq!(sign_in().await, 303);
}

#[tokio::test]
async fn a_message_without_a_2xx_answer_is_sent_again_on_schedule() {
    let clock = Arc::new(ManualClock::new(Timestamp::from_unix_seconds(1_768_478_400)));
    let mut app = App::start(500).await;
    let waits = [5, 60].map(Duration::from_secs);
    let builder = LocalClerk::builder().clock(clock.clone()).webhook_endpoint(&app.url).webhook_retries(waits);
    let local = builder.start().await.unwrap();
    let id = local.send_webhook("custom.event", json!({}));
    let (first, payload) = app.next().await;
    assert_eq!(wait_for_attempts(&local, 1).await, [Some(500)]);
    clock.advance(Duration::from_secs(4));
    tokio::task::yield_now().await;
    assert!(app.is_quiet(), "too early");
    clock.advance(Duration::from_secs(1));
    let (second, again) = app.next().await;
    assert_eq!((header(&second, "svix-id"), &again), (&*id, &payload), "the same message");
    assert_ne!(header(&first, "svix-signature"), header(&second, "svix-signature"), "sent at another time");
    assert_eq!(wait_for_attempts(&local, 2).await, [Some(500), Some(500)]);
    app.status.store(204, Ordering::SeqCst);
    clock.advance(Duration::from_secs(60));
    app.next().await;
    assert_eq!(wait_for_attempts(&local, 3).await, [Some(500), Some(500), Some(204)]);
    clock.advance(Duration::from_secs(3600));
    assert!(local.redeliver_webhook(&id), "by hand");
    assert_eq!(header(&app.next().await.0, "svix-id"), id);
    assert!(!local.redeliver_webhook("msg_unknown"));
    assert_eq!(wait_for_attempts(&local, 4).await[3], Some(204));
    assert_eq!(local.webhook_messages()[0].attempts()[3].at(), clock.now());
    assert!(app.is_quiet());
}

#[tokio::test]
async fn the_pages_button_sends_again() {
    let mut app = App::start(200).await;
    let local = LocalClerk::builder().webhook_endpoint(&app.url).start().await.unwrap();
    let id = local.send_webhook("custom.event", json!({}));
    app.next().await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let page = format!("{}/webhooks", local.frontend_api_url());
    let html = client.get(&page).send().await.unwrap().text().await.unwrap();
    assert!(html.contains("custom.event") && html.contains(&id) && html.contains(&app.url), "{html}");
    assert!(!html.contains(local.webhook_signing_secret()));
    let submit = async |origin: &str| {
        let request = client.post(&page).header("content-type", "application/x-www-form-urlencoded");
        request.header("origin", origin).body(format!("id={id}")).send().await.unwrap().status()
    };
    assert_eq!(submit("https://evil.example").await, 403);
    assert!(app.is_quiet());
    assert_eq!(submit(local.frontend_api_url()).await, 200);
    assert_eq!(header(&app.next().await.0, "svix-id"), id);
}

#[tokio::test]
async fn backends_change_users_too() {
    let mut app = App::start(200).await;
    let local = LocalClerk::builder().webhook_endpoint(&app.url).start().await.unwrap();
    let (alice, bob) = (local.user("alice").unwrap(), local.user("bob").unwrap().id);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let call = async |method: reqwest::Method, path: &str| {
        let request = client.request(method, format!("{}/v1/{path}", local.backend_api_url()));
        request.bearer_auth(local.secret_key().expose()).send().await.unwrap().status()
    };
    let (post, delete) = (reqwest::Method::POST, reqwest::Method::DELETE);
    for (method, path, event) in [
        (&post, format!("users/{bob}/ban"), "user.updated"),
        (&post, format!("users/{bob}/unban"), "user.updated"),
        (&post, format!("users/{bob}/lock"), "user.updated"),
        (&post, format!("users/{bob}/unlock"), "user.updated"),
        (&delete, format!("users/{bob}"), "user.deleted"),
        (
            &delete,
            format!("organizations/{}/memberships/{}", local.memberships("alice")[0].organization_id, alice.id),
            "organizationMembership.deleted",
        ),
    ] {
        assert_eq!(call(method.clone(), &path).await, 200, "{path}");
        assert_eq!(app.event().await["type"], event, "{path}");
        let gone = *method == delete;
        assert_eq!(
            call(method.clone(), &path.replace("/unlock", "/x")).await == 404,
            gone || path.ends_with("/unlock")
        );
        if !gone && !path.ends_with("/unlock") {
            app.next().await;
        }
    }
}

#[tokio::test]
async fn webhooks_stay_on_this_machine() {
    let local = LocalClerk::start().await.unwrap();
    for url in [
        "https://localhost/",
        "http://example.com/",
        "http://localhost.example.com/",
        "http://app.localhost/",
        "http://u:p@localhost/",
        "http://169.254.169.254/",
        "file:///etc/passwd",
        "x",
    ] {
        assert_eq!(local.add_webhook_endpoint(url).unwrap_err().kind(), StartErrorKind::WebhookUrl, "{url}");
        assert!(LocalClerk::builder().webhook_endpoint(url).start().await.is_err(), "{url}");
    }
    local.add_webhook_endpoint("http://[::1]:3000/").unwrap();
}
