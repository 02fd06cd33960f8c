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
async fn digests_of_other_systems_are_imported() {
    let api = Api::start().await;
    // Of the tests of Django, passlib and CPython, of RFC 6070, RFC 7914 and FIPS 180-4.
    let sha512 = "d197b1b33db0143e018b12f3d1d1479e6cdebdcc97c5c0f87f6902e072f457b5\
                  143f30602641b3d55cd335988cb36b84376060ecd532e039b742a239434af2d5";
    let django = "pbkdf2_sha256$20000$seasalt$oBSd886ysm3AqYun62DOdin8YcfbU1z9cksZSuLP9r0=";
    for (index, (hasher, digest, password)) in [
        ("pbkdf2_sha256_django", django, "l\u{e8}tmein"),
        (
            "pbkdf2_sha256",
            "pbkdf2_sha256$80000$TmFDbA==$\
             TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1ah1CWhIlgzVJrbhBtRybMXaicr3ruh0HhHj2Kzl/M8jQ==",
            "Password",
        ),
        ("pbkdf2_sha1", "pbkdf2_sha1$2$salt$ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957$20", "password"),
        ("pbkdf2_sha512", &*format!("pbkdf2_sha512$4096$salt${sha512}"), "password"),
        ("pbkdf2_sha512_hex", &*format!("pbkdf2_sha512_hex$4096$73616c74${sha512}"), "password"),
        (
            "bcrypt_sha256_django",
            "bcrypt_sha256$$2a$08$NDjSAIcas.EcoxCRiArvT.MkNiPYVhrsrnJsRkLueZOoV1bsQqlmC",
            "l\u{e8}tmein",
        ),
        ("sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "abc"),
    ]
    .into_iter()
    .enumerate()
    {
        let params = json!({"username": format!("user_{index}"), "password_digest": digest, "password_hasher": hasher});
        let user = api.post("/v1/users", params).await;
        let verify = format!("/v1/users/{}/verify_password", user["id"].as_str().unwrap());
        assert_eq!(api.post(&verify, json!({ "password": password })).await["verified"], true, "{hasher}");
        let wrong = api.refused(Method::POST, &verify, json!({"password": "a guess"})).await;
        assert_eq!(wrong.1, "incorrect_password", "{hasher}");
    }
    for (hasher, digest, parameter) in [
        ("pbkdf2_sha256_django", django.replace("$20000$", "$2000001$"), "password_digest"),
        ("pbkdf2_sha512", django.to_owned(), "password_digest"),
        ("scrypt_firebase", django.to_owned(), "password_hasher"),
    ] {
        let params = json!({"username": "other", "password_digest": digest, "password_hasher": hasher});
        let answer = api.call(Method::POST, "/v1/users", params).await;
        let error = &answer.json["errors"][0];
        assert_eq!((answer.status, &error["meta"]["param_name"]), (422, &json!(parameter)), "{hasher}");
        let known = error["long_message"].as_str().unwrap();
        assert!(parameter == "password_digest" || known.contains("bcrypt_sha256_django, pbkdf2_sha1"), "{known}");
    }
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
