//! Sign-in tokens and actor tokens.

use reqwest::Method;
use serde_json::{Value, json};

use super::api::Api;

#[tokio::test]
async fn sign_in_and_actor_tokens() {
    let api = Api::start().await;
    let alice = api.local.user("alice").unwrap().id;
    let token = api.post("/v1/sign_in_tokens", json!({"user_id": alice, "expires_in_seconds": 60})).await;
    assert_eq!((&token["status"], &token["user_id"]), (&json!("pending"), &json!(alice)));
    assert!(token["url"].as_str().unwrap().ends_with(token["token"].as_str().unwrap()));
    let revoke = format!("/v1/sign_in_tokens/{}/revoke", token["id"].as_str().unwrap());
    let revoked = api.post(&revoke, Value::Null).await;
    assert_eq!((&revoked["status"], revoked.get("token")), (&json!("revoked"), None));
    assert_eq!(api.refused(Method::POST, &revoke, Value::Null).await.1, "sign_in_token_cannot_be_revoked_code");
    assert_eq!(api.refused(Method::POST, "/v1/sign_in_tokens", json!({"user_id": "user_no"})).await.0, 404);
    let long = json!({"user_id": alice, "expires_in_seconds": 0});
    assert_eq!(api.refused(Method::POST, "/v1/sign_in_tokens", long).await.2.as_deref(), Some("expires_in_seconds"));

    let params = json!({"user_id": alice, "actor": {"sub": "user_support", "reason": "ticket 7"}});
    let token = api.post("/v1/actor_tokens", params).await;
    assert_eq!((&token["actor"]["reason"], &token["status"]), (&json!("ticket 7"), &json!("pending")));
    let revoke = format!("/v1/actor_tokens/{}/revoke", token["id"].as_str().unwrap());
    assert_eq!(api.post(&revoke, Value::Null).await["status"], "revoked");
    assert_eq!(api.refused(Method::POST, &revoke, Value::Null).await.1, "actor_token_cannot_be_revoked_code");
    for (body, parameter) in [
        (json!({"user_id": alice, "actor": {}}), "actor.sub"),
        (json!({"user_id": "user_no", "actor": {"sub": "x"}}), "user_id"),
        (json!({"actor": {"sub": "x"}}), "user_id"),
    ] {
        assert_eq!(
            api.refused(Method::POST, "/v1/actor_tokens", body.clone()).await.2.as_deref(),
            Some(parameter),
            "{body}"
        );
    }
    let token = api.post("/v1/testing_tokens", Value::Null).await;
    assert!(token["token"].as_str().unwrap().contains("-c_"));
    api.finish();
}
