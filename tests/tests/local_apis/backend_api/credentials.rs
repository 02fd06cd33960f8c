//! Passwords and second factors of users.

use std::sync::Arc;

use clerk_core::time::{ManualClock, Timestamp};
use clerk_local::{LocalClerk, totp_code};
use reqwest::Method;
use serde_json::{Value, json};

use super::api::Api;

#[tokio::test]
async fn passwords_are_verified_replaced_and_removed() {
    let api = Api::start().await;
    let user = api.post("/v1/users", json!({"username": "ada", "password": "correct horse"})).await;
    let path = format!("/v1/users/{}", user["id"].as_str().unwrap());
    let verify = format!("{path}/verify_password");
    assert_eq!(api.post(&verify, json!({"password": "correct horse"})).await, json!({"verified": true}));
    let wrong = json!({"password": "a guess that is wrong"});
    assert_eq!(api.refused(Method::POST, &verify, wrong).await.1, "incorrect_password");
    assert_eq!(api.refused(Method::POST, &verify, json!({})).await.1, "form_param_missing");

    let client = api.local.sign_in("ada").unwrap();
    api.patch(&path, json!({"password": "battery staple", "sign_out_of_other_sessions": true})).await;
    assert_eq!(api.get(&format!("/v1/sessions/{client}")).await["status"], "revoked");
    assert_eq!(api.refused(Method::POST, &verify, json!({"password": "correct horse"})).await.0, 422);
    assert_eq!(api.post(&verify, json!({"password": "battery staple"})).await["verified"], true);

    // A hash of the reference implementation, of "password".
    let digest = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
    api.patch(&path, json!({"password_digest": digest, "password_hasher": "argon2id"})).await;
    assert_eq!(api.post(&verify, json!({"password": "password"})).await["verified"], true);
    // Of jBCrypt's tests, of "abc".
    let bcrypt = "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i";
    api.patch(&path, json!({"password_digest": bcrypt, "password_hasher": "bcrypt"})).await;
    assert_eq!(api.post(&verify, json!({"password": "abc"})).await["verified"], true);
    assert_eq!(api.refused(Method::POST, &verify, json!({"password": "password"})).await.0, 422);
    for (body, parameter) in [
        (json!({"password_digest": digest}), "password_hasher"),
        (json!({"password_digest": digest, "password_hasher": "bcrypt"}), "password_digest"),
        (json!({"password_digest": digest, "password_hasher": "md5"}), "password_hasher"),
        (json!({"password_digest": "x", "password_hasher": "argon2id"}), "password_digest"),
        (json!({"password_digest": digest, "password": "battery staple"}), "password_digest"),
    ] {
        assert_eq!(api.refused(Method::PATCH, &path, body.clone()).await.2.as_deref(), Some(parameter), "{body}");
    }
    let session = api.local.sign_in("ada").unwrap();
    let compromised = format!("{path}/password/set_compromised");
    api.post(&compromised, json!({"revoke_all_sessions": true})).await;
    assert_eq!(api.get(&format!("/v1/sessions/{session}")).await["status"], "revoked");
    api.post(&format!("{path}/password/unset_compromised"), Value::Null).await;
    assert_eq!(api.post(&format!("{path}/remove_password"), json!({})).await["password_enabled"], false);
    assert_eq!(api.refused(Method::POST, &verify, json!({"password": "password"})).await.1, "no_password_set");
    assert_eq!(api.refused(Method::POST, &compromised, json!({})).await.1, "no_password_set");
    api.finish();
}

#[tokio::test]
async fn second_factors_are_verified_and_disabled() {
    let clock = Arc::new(ManualClock::new(Timestamp::from_unix_seconds(1_800_000_000)));
    let api = Api::of(LocalClerk::builder().clock(clock.clone()).start().await.unwrap());
    let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let params = json!({"username": "ada", "totp_secret": secret, "backup_codes": ["abcd2345", "efgh6789"]});
    let user = api.post("/v1/users", params).await;
    assert_eq!((&user["two_factor_enabled"], &user["backup_code_enabled"]), (&json!(true), &json!(true)));
    let id = user["id"].as_str().unwrap();
    let path = format!("/v1/users/{id}");
    let verify = async |code: &str| api.post(&format!("{path}/verify_totp"), json!({ "code": code })).await;
    let code = totp_code(secret, Timestamp::from_unix_seconds(1_800_000_000)).unwrap();
    assert_eq!(verify(&code).await, json!({"verified": true, "code_type": "totp"}));
    assert_eq!(verify("abcd2345").await, json!({"verified": true, "code_type": "backup_code"}));
    clock.advance(std::time::Duration::from_secs(300));
    for wrong in [&*code, "abcd2345", ""] {
        let refusal = api.refused(Method::POST, &format!("{path}/verify_totp"), json!({ "code": wrong })).await;
        assert_eq!(refusal.1, "form_code_incorrect", "{wrong:?}: expired, used, or no code");
    }
    assert_eq!(api.delete(&format!("{path}/backup_code")).await, json!({ "user_id": id }));
    assert_eq!(api.refused(Method::DELETE, &format!("{path}/backup_code"), Value::Null).await.0, 404);
    assert_eq!(api.delete(&format!("{path}/totp")).await, json!({ "user_id": id }));
    assert_eq!(api.get(&path).await["two_factor_enabled"], false);
    api.patch(&path, json!({ "totp_secret": secret })).await;
    assert_eq!(api.delete(&format!("{path}/mfa")).await, json!({ "user_id": id }));
    assert_eq!(api.get(&path).await["totp_enabled"], false);
    api.finish();
}
