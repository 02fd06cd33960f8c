//! E-mail addresses and telephone numbers of users.

use reqwest::Method;
use serde_json::{Value, json};

use super::api::Api;

#[tokio::test]
async fn email_addresses() {
    let api = Api::start().await;
    let bob = api.local.user("bob").unwrap().id;
    let params = json!({"user_id": bob, "email_address": "bob@work.example"});
    let added = api.post("/v1/email_addresses", params.clone()).await;
    assert_eq!((&added["email_address"], &added["verification"]), (&json!("bob@work.example"), &Value::Null));
    assert_eq!(api.refused(Method::POST, "/v1/email_addresses", params).await.1, "form_identifier_exists");
    let path = format!("/v1/email_addresses/{}", added["id"].as_str().unwrap());
    assert_eq!(api.get(&path).await, added);
    assert_eq!(api.refused(Method::PATCH, &path, json!({"primary": true})).await.2.as_deref(), Some("primary"));
    let verified = api.patch(&path, json!({"verified": true, "primary": true})).await;
    assert_eq!(verified["verification"]["status"], "verified");
    let user = api.get(&format!("/v1/users/{bob}")).await;
    assert_eq!(user["primary_email_address_id"], added["id"]);
    assert_eq!(api.delete(&path).await["deleted"], true);
    let user = api.get(&format!("/v1/users/{bob}")).await;
    assert_eq!(user["primary_email_address_id"], user["email_addresses"][0]["id"], "the other one takes its place");
    assert_eq!(api.refused(Method::GET, &path, Value::Null).await.0, 404);

    let replaced = format!("/v1/users/{bob}/email_address");
    api.put(&replaced, json!({"email_address": "robert@example.com"})).await;
    let user = api.get(&format!("/v1/users/{bob}")).await;
    let addresses = user["email_addresses"].as_array().unwrap();
    assert_eq!((addresses.len(), &addresses[0]["email_address"]), (1, &json!("robert@example.com")));
    let refusal = api.refused(Method::PUT, &replaced, json!({"email_address": "alice@example.com"})).await;
    assert_eq!(refusal.1, "form_identifier_exists");
    let unknown = json!({"user_id": "user_unknown", "email_address": "x@example.com"});
    assert_eq!(api.refused(Method::POST, "/v1/email_addresses", unknown).await.2.as_deref(), Some("user_id"));

    let only = api.post("/v1/users", json!({"email_address": ["only@example.com"]})).await;
    let path = format!("/v1/email_addresses/{}", only["email_addresses"][0]["id"].as_str().unwrap());
    assert_eq!(api.refused(Method::DELETE, &path, Value::Null).await.1, "last_identification_deletion_failed");
    api.finish();
}

#[tokio::test]
async fn phone_numbers() {
    let api = Api::start().await;
    let bob = api.local.user("bob").unwrap().id;
    let params = json!({"user_id": bob, "phone_number": "+15555550101", "verified": true, "primary": true});
    let added = api.post("/v1/phone_numbers", params).await;
    let path = format!("/v1/phone_numbers/{}", added["id"].as_str().unwrap());
    assert_eq!(api.get(&path).await, added);
    let user = api.get(&format!("/v1/users/{bob}")).await;
    assert_eq!((&user["primary_phone_number_id"], &user["two_factor_enabled"]), (&added["id"], &json!(false)));
    assert_eq!(api.patch(&path, json!({"reserved_for_second_factor": true})).await["reserved_for_second_factor"], true);
    assert_eq!(api.get(&format!("/v1/users/{bob}")).await["two_factor_enabled"], true);
    let replaced = api.put(&format!("/v1/users/{bob}/phone_number"), json!({"phone_number": "+15555550102"})).await;
    assert_eq!(replaced["verification"]["status"], "verified");
    assert_eq!(api.refused(Method::GET, &path, Value::Null).await.0, 404);
    let path = format!("/v1/phone_numbers/{}", replaced["id"].as_str().unwrap());
    assert_eq!(api.patch(&path, json!({"verified": false})).await["verification"], Value::Null);
    assert_eq!(api.delete(&path).await["deleted"], true);
    let bad = json!({"user_id": bob, "phone_number": "12"});
    assert_eq!(api.refused(Method::POST, "/v1/phone_numbers", bad).await.1, "form_param_format_invalid");
    api.finish();
}

#[tokio::test]
async fn addresses_and_numbers_are_verified_with_codes() {
    let api = Api::start().await;
    let bob = api.local.user("bob").unwrap().id;
    let address = api.post("/v1/email_addresses", json!({"user_id": bob, "email_address": "bob@work.example"})).await;
    let number = api.post("/v1/phone_numbers", json!({"user_id": bob, "phone_number": "+15555550101"})).await;
    for (list, own, strategy) in [("email_addresses", &address, "email_code"), ("phone_numbers", &number, "phone_code")]
    {
        let path = format!("/v1/{list}/{}", own["id"].as_str().unwrap());
        let verification = api.post(&format!("{path}/prepare_verification"), Value::Null).await;
        assert_eq!((&verification["status"], &verification["strategy"]), (&json!("unverified"), &json!(strategy)));
        let code = api.local.outbox().last().unwrap().code.clone().unwrap();
        let attempt = format!("{path}/attempt_verification");
        let with = |code: &str| json!({"verification_id": verification["id"], "code": code});
        let refusal = api.refused(Method::POST, &attempt, with("not it")).await;
        assert_eq!((refusal.0, &*refusal.1), (400, "form_code_incorrect"));
        assert_eq!(api.get(&path).await["verification"], Value::Null);
        assert_eq!(api.post(&attempt, with(&code)).await["status"], "verified");
        assert_eq!(api.get(&path).await["verification"]["strategy"], strategy);
        let again = api.refused(Method::POST, &attempt, with(&code)).await;
        assert_eq!(again.1, "verification_already_verified", "a code is valid once");
    }
    api.finish();
}
