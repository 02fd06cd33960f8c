//! Requests, retries, errors and limits, against a scripted server.

use std::{sync::Arc, time::Duration};

use clerk_api::{ApiErrorKind, Client, Method, Null, RateLimit, Retry, Upload};
use clerk_core::{
    Clerk,
    time::{Clock as _, ManualClock, Timestamp},
};
use serde_json::{Value, json as object};

use crate::scripted_server::{Reply, SECRET, ScriptedServer, json};

const USER: &str = r#"{"id":"user_1","object":"user","first_name":"Ada","last_name":null,"banned":false,"locked":false,"password_enabled":true,"two_factor_enabled":false,"totp_enabled":false,"backup_code_enabled":false,"has_image":false,"delete_self_enabled":true,"create_organization_enabled":true,"bypass_client_trust":false,"requires_password_reset":false,"totp_enabled":false,"locked":false,"mfa_enabled_at":null,"new_field":{"a":[1]}}"#;

fn errors(code: &str) -> String {
    object!({ "errors": [{ "code": code, "message": "about ada@example.com", "meta": { "param_name": "email_address" } }], "clerk_trace_id": "trace_1" }).to_string()
}

#[tokio::test]
async fn a_call_sends_its_parameters() {
    let server = ScriptedServer::start(vec![json(200, "", USER)]).await;
    let user = server
        .client
        .users()
        .update("user_1")
        .first_name("Ada")
        .last_name(Null)
        .notify_primary_email_address_changed(false);
    let user = user.send().await.unwrap();
    assert_eq!((&*user.id, user.first_name.as_deref(), user.last_name), ("user_1", Some("Ada"), None));
    assert_eq!(user.other.field("new_field"), Some(&object!({"a": [1]})));
    let sent = &server.requests()[0];
    assert_eq!(sent.line, "PATCH /v1/users/user_1");
    assert_eq!(sent.body, r#"{"first_name":"Ada","last_name":null,"notify_primary_email_address_changed":false}"#);
    assert!(sent.head.contains(&format!("authorization: Bearer {SECRET}")), "{}", sent.head);
    assert!(sent.head.contains("clerk-api-version: 2026-05-12"));

    let server = ScriptedServer::start(vec![json(200, "", "[]")]).await;
    server.client.users().list().email_address(["a+b@c.d", "e&f"]).limit(5).limit(6).send().await.unwrap();
    assert_eq!(server.lines(), ["GET /v1/users?email_address=a%2Bb%40c.d&email_address=e%26f&limit=6"]);

    let server = ScriptedServer::start(vec![json(200, "", USER)]).await;
    server
        .client
        .users()
        .set_profile_image("user_1")
        .file(Upload::new("a.png", "image/png", &b"PNG"[..]))
        .send()
        .await
        .unwrap();
    assert!(server.requests()[0].head.contains("content-type: multipart/form-data; boundary=clerk"));
    assert!(
        server.requests()[0]
            .body
            .contains("name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n--clerk")
    );

    let server = ScriptedServer::start(vec![json(200, "", "[]")]).await;
    let invitations = server.client.invitations();
    let calls = ["a@b.c", "d@e.f"].map(|address| invitations.create(address).notify(false));
    invitations.bulk_create(calls).send().await.unwrap();
    assert_eq!(server.lines(), ["POST /v1/invitations/bulk"]);
    let body: Value = serde_json::from_str(&server.requests()[0].body).unwrap();
    assert_eq!(
        body,
        object!([{"email_address": "a@b.c", "notify": false}, {"email_address": "d@e.f", "notify": false}])
    );

    let server = ScriptedServer::start(vec![json(200, "", "{\"x\":1}")]).await;
    let call =
        server.client.request(Method::Get, "/new/{id}/thing").id("a b").query("limit", 5).query("of", ["x", "y"]);
    assert_eq!(call.send().await.unwrap(), object!({"x": 1}));
    assert_eq!(server.lines(), ["GET /v1/new/a%20b/thing?limit=5&of=x&of=y"]);
}

#[tokio::test]
async fn a_call_is_repeated_if_that_does_no_harm() {
    for status in [429, 502, 503, 504] {
        let failures = || vec![json(status, "", "{}"), json(status, "", "{}"), json(200, "", USER)];
        let server = ScriptedServer::start(failures()).await;
        server.client.users().get("user_1").send().await.unwrap();
        assert_eq!((server.lines().len(), server.clock.waits().len()), (3, 2), "{status}");
        let server = ScriptedServer::start(failures()).await;
        server.client.users().ban("user_1").idempotent().send().await.unwrap();
        assert_eq!((server.lines().len(), server.clock.waits().len()), (3, 2), "{status}");
        // Clerk may have executed it, except after status 429.
        let server = ScriptedServer::start(failures()).await;
        let banned = server.client.users().ban("user_1").send().await;
        let tries = if status == 429 { 3 } else { 1 };
        assert_eq!((banned.is_ok(), server.lines().len(), server.clock.waits().len()), (tries == 3, tries, tries - 1));
    }
    for status in [400, 401, 404, 409, 422, 500, 501] {
        let server = ScriptedServer::start(vec![json(status, "", &errors("x")), json(200, "", USER)]).await;
        let error = server.client.users().get("user_1").send().await.unwrap_err();
        assert_eq!((error.status(), error.tries()), (Some(status), 1));
    }
    let server = ScriptedServer::start(vec![json(503, "", "{}")]).await;
    let error = server.client.users().get("user_1").send().await.unwrap_err();
    assert_eq!((error.tries(), server.lines().len()), (3, 3), "three tries, and no more");
    let client = server.client.clone().retries(Retry::never());
    assert_eq!(client.users().get("user_1").send().await.unwrap_err().tries(), 1);
}

#[tokio::test]
async fn every_method_waits_after_status_429() {
    let limited = || vec![json(429, "retry-after: 7\r\n", &errors("too_many_requests")), json(200, "", "{}")];
    for method in [Method::Delete, Method::Get, Method::Patch, Method::Post, Method::Put] {
        let server = ScriptedServer::start(limited()).await;
        server.client.request(method, "/things").json(object!({"a": 1})).send().await.unwrap();
        let sent: Vec<_> = server.requests().into_iter().map(|request| (request.line, request.body)).collect();
        assert_eq!(sent.len(), 2, "{method:?}");
        assert_eq!(sent[0], sent[1], "the same request again");
        assert_eq!(server.clock.waits(), [Duration::from_secs(7)], "{method:?}");
        let client = server.client.clone().retries(Retry::never());
        client.request(method, "/things").send().await.unwrap();
    }
    // An upload, and a call with a machine's key.
    let server = ScriptedServer::start(limited()).await;
    let image = Upload::new("a.png", "image/png", &b"PNG"[..]);
    let logo = server.client.organizations().upload_logo("org_1").file(image);
    assert_eq!(logo.send().await.unwrap_err().kind(), ApiErrorKind::Mismatch, "the second reply is no organization");
    assert!(server.requests()[1].body.contains("\r\n\r\nPNG\r\n"));
    let server = ScriptedServer::start(limited()).await;
    let token = server.client.m2m_tokens().create().machine_secret_key("ak_s3cr3tOfTheMachine".parse().unwrap());
    drop(token.send().await);
    let heads: Vec<_> = server.requests().into_iter().map(|request| request.head).collect();
    assert!(heads.len() == 2 && heads.iter().all(|head| head.contains("Bearer ak_s3cr3tOfTheMachine")), "{heads:?}");
    // A wait that is too long is not waited for.
    let server = ScriptedServer::start(vec![json(429, "retry-after: 11\r\n", &errors("x")), json(200, "", USER)]).await;
    let error = server.client.users().ban("user_1").send().await.unwrap_err();
    assert_eq!((error.retry_after(), error.tries()), (Some(Duration::from_secs(11)), 1));
}

#[tokio::test]
async fn a_write_is_repeated_only_if_nothing_was_sent() {
    // No server: the connection is refused.
    let clerk =
        Clerk::builder().secret_key(SECRET.parse().unwrap()).api_url("http://127.0.0.1:1").unwrap().build().unwrap();
    let client = Client::from_clerk(&clerk).retries(Retry::default().first_wait(Duration::ZERO));
    let error = client.users().ban("user_1").send().await.unwrap_err();
    assert_eq!((error.kind(), error.tries()), (ApiErrorKind::Connection, 3));
    // The connection breaks after the request was sent, or the response is cut.
    for reply in ["", "nonsense", "HTTP/1.1 200 OK\r\ncontent-length: 500\r\nconnection: close\r\n\r\n{\"id\":"] {
        let server = ScriptedServer::start(vec![Reply::Raw(reply.into()), json(200, "", USER)]).await;
        let error = server.client.users().ban("user_1").send().await.unwrap_err();
        assert_eq!((error.tries(), server.lines().len()), (1, 1), "{reply:?}");
        let server = ScriptedServer::start(vec![Reply::Raw(reply.into()), json(200, "", USER)]).await;
        server.client.users().get("user_1").send().await.unwrap();
    }
    let server = ScriptedServer::start(vec![Reply::Silence]).await;
    let client = server.client.clone().try_timeout(Duration::from_millis(100));
    let error = client.users().ban("user_1").send().await.unwrap_err();
    assert_eq!((error.kind(), error.tries()), (ApiErrorKind::Timeout, 1));
}

#[tokio::test]
async fn a_retry_waits_as_long_as_retry_after_says() {
    for (header, seconds) in [("retry-after: 7\r\n", 7), ("retry-after: Sun, 06 Nov 1994 08:49:45 GMT\r\n", 8)] {
        let server = ScriptedServer::start(vec![json(429, header, "{}"), json(200, "", USER)]).await;
        server.client.users().get("user_1").send().await.unwrap();
        assert_eq!(server.clock.waits(), [Duration::from_secs(seconds)], "{header}");
    }
    let server = ScriptedServer::start(vec![
        json(429, "retry-after: 3600\r\n", &errors("too_many_requests")),
        json(200, "", USER),
    ])
    .await;
    let error = server.client.users().get("user_1").send().await.unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!((error.retry_after(), error.tries()), (Some(Duration::from_secs(3600)), 1), "beyond the ceiling");
    let server = ScriptedServer::start(vec![json(503, "retry-after: 6\r\n", "{}")]).await;
    let client = server.client.clone().timeout(Duration::from_secs(9)).try_timeout(Duration::from_secs(9));
    // The clock skips the try's timeout of 9 s, so the try ends at once. Two waits of 6 s would exceed the call's
    // timeout.
    let error = client.users().get("user_1").send().await.unwrap_err();
    assert!(error.tries() <= 2, "{error:?}");
}

#[tokio::test]
async fn each_bad_response_has_its_error_kind() {
    use ApiErrorKind as Kind;
    let html = "HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\ncontent-length: 13\r\nconnection: close\r\ncf-ray: ray1\r\n\r\n<html></html>";
    let page = html.replace("502 Bad Gateway", "200 OK");
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 500\r\nconnection: close\r\n\r\n{\"id\":";
    let huge = "HTTP/1.1 200 OK\r\ncontent-length: 3221225472\r\n\r\n{";
    let raw = |text: &str| Reply::Raw(text.as_bytes().to_vec());
    let cases = [
        (json(401, "", &errors("clerk_key_invalid")), Kind::SecretKeyRefused, Some(401), 1),
        (json(503, "", &errors("maintenance_mode")), Kind::Maintenance, Some(503), 3),
        (json(404, "", &errors("resource_not_found")), Kind::Refused, Some(404), 1),
        (json(422, "", &errors("form_param_invalid")), Kind::Refused, Some(422), 1),
        (json(404, "", r#"{"message":"no Route matched with those values"}"#), Kind::NotClerk, Some(404), 1),
        (json(404, "", r#"{"errors":[{"message":"no such field"}]}"#), Kind::NotClerk, Some(404), 1),
        (json(404, "", r#"{"errors":[]}"#), Kind::NotClerk, Some(404), 1),
        (json(404, "", "[404]"), Kind::NotClerk, Some(404), 1),
        (json(503, "", r#"{"message":"no healthy upstream"}"#), Kind::NotClerk, Some(503), 3),
        (json(200, "", "{\"id\":"), Kind::Truncated, Some(200), 3),
        (json(200, "", "{\"object\":\"user\"}"), Kind::Mismatch, Some(200), 1),
        (json(200, "", "[1]"), Kind::Mismatch, Some(200), 1),
        (json(200, "", ""), Kind::Mismatch, Some(200), 1),
        (json(204, "", ""), Kind::Mismatch, Some(204), 1),
        (raw(html), Kind::NotJson, Some(502), 3),
        (raw(&page), Kind::NotJson, Some(200), 1),
        (raw(cut), Kind::Truncated, Some(200), 3),
        (raw(huge), Kind::TooLarge, Some(200), 1),
        (raw("nonsense"), Kind::Connection, None, 3),
        (raw(""), Kind::Connection, None, 3),
        (Reply::Endless, Kind::TooLarge, Some(200), 1),
        (json(302, "location: /v1/elsewhere\r\n", "{}"), Kind::Redirect, Some(302), 1),
    ];
    for (reply, kind, status, tries) in cases {
        let server = ScriptedServer::start(vec![reply]).await;
        let error = server.client.users().get("user_1").send().await.expect_err("a bad response");
        assert_eq!((error.kind(), error.status(), error.tries()), (kind, status, tries), "{error:?}");
        assert_eq!(
            error.is_not_found(),
            status == Some(404) && kind == Kind::Refused,
            "only Clerk's own 404 means not found: {error:?}"
        );
        let shown = format!("{error} {error:?} {:?}", std::error::Error::source(&error).map(ToString::to_string));
        assert!(shown.contains("GetUser") && !shown.contains("s3cr3t") && !shown.contains("ada@"), "{shown}");
    }
    let server = ScriptedServer::start(vec![json(422, "", &errors("form_param_invalid"))]).await;
    let error = server.client.users().get("user_1").send().await.unwrap_err();
    assert_eq!((error.code(), error.trace_id()), (Some("form_param_invalid"), Some("trace_1")));
    assert_eq!(
        (error.details()[0].param_name(), &*error.details()[0].message),
        (Some("email_address"), "about ada@example.com")
    );
    assert_eq!(error.to_string(), "GetUser: refused, status 422, form_param_invalid (email_address), trace trace_1");
    // A port without a server.
    let clerk =
        Clerk::builder().secret_key(SECRET.parse().unwrap()).api_url("http://127.0.0.1:1").unwrap().build().unwrap();
    let client = Client::from_clerk(&clerk).retries(Retry::default().first_wait(Duration::ZERO));
    let error = client.users().get("user_1").send().await.unwrap_err();
    assert_eq!((error.kind(), error.tries()), (Kind::Connection, 3));
    // An empty response is fine for an operation without a response body.
    let server = ScriptedServer::start(vec![json(204, "", "")]).await;
    server.client.webhooks().delete_svix_app().send().await.unwrap();
}

#[tokio::test]
async fn a_call_without_a_reply_times_out_by_the_clock() {
    let server = ScriptedServer::start(vec![Reply::Silence]).await;
    let clock = Arc::new(ManualClock::new(Timestamp::from_unix_seconds(1_000)));
    let clerk = Clerk::builder().secret_key(SECRET.parse().unwrap()).api_url(&server.url).unwrap();
    let client = Client::from_clerk(&clerk.clock(clock.clone()).build().unwrap());
    let call = tokio::spawn(client.users().get("user_1").send());
    let start = clock.now();
    while !call.is_finished() {
        clock.advance(Duration::from_secs(1));
        tokio::time::sleep(Duration::from_millis(2)).await; // lets the call's task run
    }
    let error = call.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ApiErrorKind::Timeout);
    let elapsed = clock.now().since(start).as_secs();
    assert!((2..=3).contains(&error.tries()) && (25..=33).contains(&elapsed), "{elapsed} s, {error:?}");
}

#[tokio::test]
async fn the_secret_does_not_follow_a_redirect() {
    let other_server = ScriptedServer::start(vec![json(200, "", USER)]).await;
    for status in [301, 302, 303, 307, 308] {
        let server = ScriptedServer::start(vec![json(
            status,
            &format!("location: {}/v1/users/user_1\r\n", other_server.url),
            "{}",
        )])
        .await;
        let error = server.client.users().get("user_1").send().await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (ApiErrorKind::Redirect, Some(status)));
    }
    assert_eq!(other_server.lines(), Vec::<String>::new());
}

#[tokio::test]
async fn an_id_cannot_reach_another_operation() {
    let server = ScriptedServer::start(vec![json(200, "", USER)]).await;
    for id in ["", ".", "..", "../organizations/org_1", "user_1/ban", "%2e%2e", "a\\b", "a\nb"] {
        let error = server.client.users().delete(id).send().await.unwrap_err();
        assert_eq!((error.kind(), error.tries()), (ApiErrorKind::InvalidRequest, 0), "{id}");
        let error = server.client.request(Method::Get, "/users/{id}").id(id).send().await.unwrap_err();
        assert_eq!(error.kind(), ApiErrorKind::InvalidRequest, "{id}");
    }
    for path in ["users", "/users/../x", "//evil.example/x", "/users?x=y", "/a//b", "@evil.example"] {
        assert_eq!(
            server.client.request(Method::Get, path).send().await.unwrap_err().kind(),
            ApiErrorKind::InvalidRequest
        );
    }
    assert_eq!(server.lines(), Vec::<String>::new());
    server.client.users().get("org:x?y#z").send().await.unwrap();
    assert_eq!(server.lines(), ["GET /v1/users/org%3Ax%3Fy%23z"]);
}

#[tokio::test]
async fn a_rate_limit_delays_calls() {
    let server = ScriptedServer::start(vec![json(200, "", USER)]).await;
    let client = server.client.clone().rate_limit(RateLimit::new(5, Duration::from_secs(10)));
    for _ in 0..8 {
        client.clone().users().get("user_1").send().await.unwrap();
    }
    assert_eq!(server.clock.waits(), [Duration::from_secs(2); 3]);
    let error = client.users().get("user_1").call_timeout(Duration::from_secs(1)).send().await.unwrap_err();
    assert_eq!((error.kind(), server.lines().len()), (ApiErrorKind::RateLimit, 8));
}

#[tokio::test]
async fn debug_does_not_show_secrets() {
    let server = ScriptedServer::start(vec![json(
        200,
        "",
        r#"{"object":"sign_in_token","id":"sit_1","token":"t0p-s3cr3t","url":"https://x/t0p-s3cr3t"}"#,
    )])
    .await;
    let call = server.client.sign_in_tokens().create("user_1").expires_in_seconds(60);
    let token = call.clone().send().await.unwrap();
    assert_eq!(token.token.as_ref().map(|token| token.expose()), Some("t0p-s3cr3t"));
    let users = server.client.users();
    let shown = format!("{:?} {call:?} {token:?} {:?}", server.client, users.create().password("s3cr3t"));
    assert!(!shown.contains("s3cr3t"), "{shown}");
}

#[tokio::test]
async fn an_error_does_not_show_a_secret_key_that_the_server_repeats() {
    let body = object!({
        "errors": [{
            "code": format!("unknown_{SECRET}"),
            "message": format!("{SECRET}: no such key, {SECRET}"),
            "long_message": format!("Authorization: Bearer {SECRET}"),
            "meta": { "param_name": SECRET, "deep": [{ "list": [1, SECRET] }], SECRET: true },
        }],
        "clerk_trace_id": format!("trace{SECRET}"),
    });
    let header = format!("clerk-trace-id: {SECRET}\r\n");
    for (body, escaped) in
        [(body.to_string(), false), (body.to_string().replace(SECRET, r"\u0073k_test_s3cr3tOfTheScript"), true)]
    {
        assert_eq!(body.contains(SECRET), !escaped);
        let server = ScriptedServer::start(vec![json(422, &header, &body)]).await;
        let error = server.client.users().get("user_1").send().await.unwrap_err();
        let detail = &error.details()[0];
        let shown = format!("{error} {error:?} {:?} {detail:?} {:?}", error.trace_id(), error.code());
        let all = format!("{shown} {} {:?} {:?}", detail.message, detail.long_message, detail.meta);
        assert!(!all.contains("s3cr3t"), "{all}");
        assert_eq!(
            (&*detail.message, error.kind()),
            ("[secret key]: no such key, [secret key]", ApiErrorKind::Refused)
        );
        assert_eq!(detail.param_name(), Some("[secret key]"));
    }
    // Only in a header; and a machine's key.
    let server = ScriptedServer::start(vec![json(422, &header, &errors("x").replace("clerk_trace_id", "other"))]).await;
    let error = server.client.users().get("user_1").send().await.unwrap_err();
    assert_eq!(error.trace_id(), Some("[secret key]"));
    let machine = "ak_s3cr3tOfTheMachine";
    let server = ScriptedServer::start(vec![json(422, "", &errors(machine))]).await;
    let call = server.client.m2m_tokens().create().machine_secret_key(machine.parse().unwrap());
    let error = call.send().await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("s3cr3t"), "{error}");
}

#[tokio::test]
async fn a_parameter_that_is_not_json_fails_the_call() {
    /// Cannot be written as JSON, whose member names are texts.
    fn not_json() -> std::collections::BTreeMap<[u8; 1], u8> {
        [([1], 1)].into()
    }
    let server = ScriptedServer::start(vec![json(200, "", "{}")]).await;
    let client = &server.client;
    let raw = || client.request(Method::Get, "/role_sets").query("limit", 5);
    for call in
        [raw().query("broken", not_json()), raw().query("broken", not_json()).query("fine", 1), raw().json(not_json())]
    {
        let error = call.send().await.unwrap_err();
        assert_eq!((error.kind(), error.tries()), (ApiErrorKind::InvalidRequest, 0));
        let problem = std::error::Error::source(&error).unwrap().to_string();
        assert!(
            ["broken cannot be written as JSON", "body cannot be written as JSON"].contains(&&*problem),
            "{problem}"
        );
    }
    let metadata = client.users().update_metadata("user_1").public_metadata(not_json());
    assert_eq!(metadata.send().await.unwrap_err().kind(), ApiErrorKind::InvalidRequest);
    assert_eq!(server.lines(), Vec::<String>::new());
    raw().query("none", None::<u8>).query("some", [Some("a"), None]).send().await.unwrap();
    assert_eq!(server.lines(), ["GET /v1/role_sets?limit=5&some=a"]);
}
