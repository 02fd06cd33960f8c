//! Rules for all operations: keys, bodies, errors.

use reqwest::Method;
use serde_json::{Value, json};

use super::api::Api;

#[tokio::test]
async fn errors_have_clerks_form() {
    let api = Api::start().await;
    let nothing = api.call(Method::GET, "/v1/no_such_thing", Value::Null).await;
    assert_eq!((nothing.status, &nothing.json["errors"][0]["code"]), (404, &json!("resource_not_found")));
    assert!(nothing.json["errors"][0]["long_message"].is_string() && nothing.json["clerk_trace_id"].is_string());
    assert_eq!(api.call(Method::PUT, "/v1/jwks", Value::Null).await.status, 405);
    let wrong_key = api.call_as("sk_test_no", Method::GET, "/v1/no_such_thing", Value::Null).await;
    assert_eq!((wrong_key.status, &wrong_key.json["errors"][0]["code"]), (401, &json!("clerk_key_invalid")));
}

#[tokio::test]
async fn machine_token_operations_work_with_and_without_the_version() {
    let api = Api::start().await;
    let secret = api.local.api_key(&api.local.user("alice").unwrap().id).create();
    for path in ["/api_keys/verify", "/v1/api_keys/verify"] {
        assert_eq!(api.post(path, json!({ "secret": secret })).await["name"], "test");
        assert_eq!(api.call_as("sk_test_no", Method::POST, path, json!({ "secret": secret })).await.status, 401);
    }
}
