//! Operations and fields that Clerk's own SDK has, and its description of the API does not have yet.

use clerk_api::{ApiErrorKind, Timestamp};
use serde_json::{Value, json as object};

use crate::scripted_server::{ScriptedServer, json};

const EMAIL: &str = r#"{"object":"email","id":"ema_1","from_email_name":"shop","to_email_address":"ada@example.com","status":"suppressed","suppression_reason":"bounced","delivered_by_clerk":true}"#;

#[tokio::test]
async fn an_email_is_sent_with_its_idempotency_key() {
    let server = ScriptedServer::start(vec![json(200, "", EMAIL)]).await;
    let emails = server.client.emails();
    let create = || emails.create(object!({"user_id": "user_1"}), object!({"address": "shop@example.com"}), "Hello");
    let email = create().text("Hi").cc(["eve@example.com"]).idempotency_key("order_7-receipt").send().await.unwrap();
    assert_eq!((&*email.id, email.suppression_reason.as_deref()), ("ema_1", Some("bounced")));
    create().html("<p>Hi</p>").headers(object!({"X-Campaign": "a"})).send().await.unwrap();
    emails.get("ema_1").send().await.unwrap();
    let sent = server.requests();
    assert_eq!(server.lines(), ["POST /v1/email", "POST /v1/email", "GET /v1/email/ema_1"]);
    assert!(sent[0].head.contains("\r\nidempotency-key: order_7-receipt\r\n"), "{}", sent[0].head);
    assert!(!sent[1].head.contains("idempotency-key"), "{}", sent[1].head);
    let body: Value = serde_json::from_str(&sent[0].body).unwrap();
    let expected = object!({
        "to": {"user_id": "user_1"}, "from": {"address": "shop@example.com"}, "subject": "Hello", "text": "Hi",
        "cc": ["eve@example.com"],
    });
    assert_eq!(body, expected);
    let long = "k".repeat(256);
    for key in ["", "a b", "a\r\nx: y", "ä", &long] {
        let error = create().idempotency_key(key).send().await.unwrap_err();
        assert_eq!(error.kind(), ApiErrorKind::InvalidRequest, "{key:?}");
        assert!(error.to_string().contains("Idempotency-Key"), "{error}");
    }
    assert_eq!(server.lines().len(), 3);
}

#[tokio::test]
async fn each_email_of_a_batch_has_its_key_and_its_result() {
    let results = format!(
        r#"[{{"index":0,"status_code":200,"email":{EMAIL}}},{{"index":1,"status_code":429,"errors":[{{"code":"too_many_requests","message":"m"}}],"retry_after_seconds":7}}]"#
    );
    let server = ScriptedServer::start(vec![json(200, "", &results)]).await;
    let emails = server.client.emails();
    let create = |id: &str| emails.create(object!({"user_id": id}), object!({"address": "a@example.com"}), "News");
    let batch = [create("user_1").idempotency_key("news_1"), create("user_2")];
    let results = emails.create_batch(batch).send().await.unwrap();
    assert_eq!(results[0].email.as_ref().map(|email| &*email.id), Some("ema_1"));
    let errors = results[1].errors.as_ref().unwrap();
    assert_eq!((&*errors[0].code, results[1].retry_after_seconds), ("too_many_requests", Some(7)));
    assert_eq!(server.lines(), ["POST /v1/email/batch"]);
    let body: Value = serde_json::from_str(&server.requests()[0].body).unwrap();
    assert_eq!(body["messages"][0]["idempotency_key"], "news_1");
    assert_eq!(
        body["messages"][1],
        object!({
            "to": {"user_id": "user_2"}, "from": {"address": "a@example.com"}, "subject": "News",
        })
    );
    for count in [0, 101] {
        let error = emails.create_batch((0..count).map(|_| create("user_1"))).send().await.unwrap_err();
        assert!(error.to_string().ends_with("the list is out of range: 1..=100 items"), "{error}");
    }
}

#[tokio::test]
async fn fields_that_are_new_are_read_and_sent() {
    let deleted = r#"{"object":"invitation","id":"inv_1","deleted":true}"#;
    let server = ScriptedServer::start(vec![json(200, "", deleted)]).await;
    assert!(server.client.invitations().delete("inv_1").send().await.unwrap().deleted);
    assert_eq!(server.lines(), ["DELETE /v1/invitations/inv_1"]);

    let user = r#"{"id":"user_1","banned":false,"locked":false,"deprovisioned":true,"timezone":"Europe/Zurich"}"#;
    let server = ScriptedServer::start(vec![json(200, "", user)]).await;
    let user = server.client.users().update("user_1").timezone("Europe/Zurich").send().await.unwrap();
    assert_eq!((user.timezone.as_deref(), user.deprovisioned), (Some("Europe/Zurich"), Some(true)));
    assert_eq!(server.requests()[0].body, r#"{"timezone":"Europe/Zurich"}"#);

    let connection = r#"{"id":"ec_1","authenticatable":true,"saml_connection":{"idp_certificates":[{"certificate":"PEM","issued_at":null,"expires_at":7}]}}"#;
    let server = ScriptedServer::start(vec![json(200, "", connection)]).await;
    let connection = server.client.enterprise_connections().get("ec_1").send().await.unwrap();
    let certificates = connection.saml_connection.unwrap().idp_certificates.unwrap();
    assert_eq!(
        (&*certificates[0].certificate, certificates[0].expires_at),
        ("PEM", Some(Timestamp::from_unix_millis(7)))
    );

    let page = r#"{"data":[],"total_count":0}"#;
    let server = ScriptedServer::start(vec![json(200, "", page)]).await;
    server.client.oauth_applications().list().name_query("Shop").send().await.unwrap();
    assert_eq!(server.lines(), ["GET /v1/oauth_applications?name_query=Shop"]);

    let token = r#"{"id":"oat_1","subject":"user_1","revoked":false,"act":{"sub":"agent_1","act":{"iss":"https://a.example","sub":"client_2"}}}"#;
    let server = ScriptedServer::start(vec![json(200, "", token)]).await;
    let token = server.client.oauth_access_tokens().verify().access_token("oat_x").send().await.unwrap();
    let actor = token.act.unwrap();
    assert_eq!((&*actor.sub, &*actor.act.unwrap().sub), ("agent_1", "client_2"));
}
