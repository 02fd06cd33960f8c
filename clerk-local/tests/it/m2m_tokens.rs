//! Tokens that a machine creates and revokes at the Backend API.

use clerk_local::LocalClerk;
use serde_json::{Value, json};

/// Status and body of the answer to a request with this key.
async fn post(local: &LocalClerk, key: &str, path: &str, body: Value) -> (u16, Value) {
    let request = reqwest::Client::new().post(format!("{}{path}", local.backend_api_url())).bearer_auth(key);
    let request = request.header("content-type", "application/json").body(body.to_string());
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    let text = response.text().await.expect("a body");
    (status, serde_json::from_str(&text).expect("JSON"))
}

#[tokio::test]
async fn a_token_is_created_verified_and_revoked() {
    let local = LocalClerk::start().await.unwrap();
    let (machine, secret) = (local.machine_secret_key().expose(), local.secret_key().expose());
    let asked = json!({"claims": {"job": 7}, "seconds_until_expiration": 60});
    let (status, token) = post(&local, machine, "/m2m_tokens", asked).await;
    assert_eq!(status, 201);
    let id = token["id"].as_str().unwrap();
    assert!(id.len() == 35 && id.starts_with("mt_") && id[3..].bytes().all(|b| b.is_ascii_hexdigit()), "{id}");
    assert_eq!(token["subject"], local.machine_id());
    assert_eq!((&token["object"], &token["claims"]["job"]), (&json!("machine_to_machine_token"), &json!(7)));
    let lifetime = token["expiration"].as_i64().unwrap() - token["created_at"].as_i64().unwrap();
    assert_eq!(lifetime, 60_000);
    for member in ["revoked", "revocation_reason", "expired", "last_used_at", "updated_at", "scopes"] {
        assert!(token.get(member).is_some(), "{member}");
    }
    let verify = async || post(&local, machine, "/m2m_tokens/verify", json!({"token": token["token"]})).await;
    let (status, verified) = verify().await;
    assert_eq!((status, &verified["id"], verified.get("token")), (200, &token["id"], None));
    let revoke = format!("/m2m_tokens/{id}/revoke");
    let (status, revoked) = post(&local, secret, &revoke, json!({"revocation_reason": "leaked"})).await;
    assert_eq!((status, &revoked["revoked"], &revoked["revocation_reason"]), (200, &json!(true), &json!("leaked")));
    assert_eq!(verify().await.1["revoked"], true);
}

#[tokio::test]
async fn each_caller_has_its_own_rights() {
    let local = LocalClerk::start().await.unwrap();
    let (machine, secret) = (local.machine_secret_key().expose(), local.secret_key().expose());
    for key in [secret, "ak_wrong", ""] {
        let (status, body) = post(&local, key, "/m2m_tokens", json!({})).await;
        assert_eq!((status, &body["errors"][0]["code"]), (401, &json!("clerk_key_invalid")));
    }
    assert_eq!(local.create_requests(), 0);
    let of_another = local.m2m_token("mch_another").create();
    let (_, seen) = post(&local, secret, "/m2m_tokens/verify", json!({"token": of_another})).await;
    let revoke = format!("/m2m_tokens/{}/revoke", seen["id"].as_str().unwrap());
    assert_eq!(post(&local, machine, &revoke, json!({})).await.0, 404, "a machine revokes only its own");
    assert_eq!(post(&local, "ak_wrong", &revoke, json!({})).await.0, 401);
    assert_eq!(post(&local, secret, &revoke, json!({})).await.0, 200);
}

#[tokio::test]
async fn invalid_requests_are_rejected() {
    let local = LocalClerk::start().await.unwrap();
    let machine = local.machine_secret_key().expose();
    for body in [
        json!({"seconds_until_expiration": 0}),
        json!({"token_format": "paseto"}),
        json!({"unknown": 1}),
        json!({"seconds_until_expiration": 60, "min_remaining_ttl_seconds": 60}),
        json!({"min_remaining_ttl_seconds": 3600}),
    ] {
        assert_eq!(post(&local, machine, "/m2m_tokens", body.clone()).await.0, 400, "{body}");
    }
    let (status, jwt) = post(&local, machine, "/m2m_tokens", json!({"token_format": "jwt"})).await;
    assert_eq!((status, jwt["token"].as_str().unwrap().split('.').count()), (201, 3));
    let revoke = format!("/m2m_tokens/{}/revoke", jwt["id"].as_str().unwrap());
    assert_eq!(post(&local, machine, &revoke, json!({})).await.0, 404, "a JWT cannot be revoked");
}

#[tokio::test]
async fn a_token_is_reused_on_request() {
    let local = LocalClerk::start().await.unwrap();
    let create = async |body: Value| {
        let (status, token) = post(&local, local.machine_secret_key().expose(), "/m2m_tokens", body).await;
        assert_eq!(status, 201);
        token["token"].clone()
    };
    let first = create(json!({})).await;
    assert_eq!(create(json!({"min_remaining_ttl_seconds": 60})).await, first);
    assert_ne!(create(json!({})).await, first);
    assert_ne!(create(json!({"min_remaining_ttl_seconds": 60, "claims": {"job": 7}})).await, first);
}

#[tokio::test]
async fn a_machine_verifies_what_is_granted_access_to_it() {
    let local = LocalClerk::start().await.unwrap();
    let secret = local.secret_key().expose();
    let machine = async |name: &str, scopes: Value| {
        let body = json!({"name": name, "scoped_machines": scopes});
        let (status, machine) = post(&local, secret, "/v1/machines", body).await;
        assert_eq!(status, 200, "{machine}");
        let text = |member: &str| machine[member].as_str().unwrap().to_owned();
        (text("id"), text("secret_key"))
    };
    let (b, b_key) = machine("b", json!([])).await;
    let (a, a_key) = machine("a", json!([b])).await;
    let (_, c_key) = machine("c", json!([])).await;
    let create = async |key: &str, more: Value| post(&local, key, "/m2m_tokens", more).await.1["token"].clone();
    let verify =
        async |key: &str, token: &Value| post(&local, key, "/m2m_tokens/verify", json!({"token": token})).await;
    let status = async |key: &str, token: &Value| verify(key, token).await.0;

    let of_a = create(&a_key, json!({})).await;
    for (who, key, expected) in [("b", &*b_key, 200), ("c", &c_key, 404), ("a", &a_key, 200), ("instance", secret, 200)]
    {
        assert_eq!(status(key, &of_a).await, expected, "{who}");
    }
    let (_, unknown) = verify(&c_key, &json!("mt_unknown")).await;
    assert_eq!(verify(&c_key, &of_a).await.1["errors"], unknown["errors"], "as if there were none");
    assert_eq!(status(&a_key, &create(&b_key, json!({})).await).await, 404, "a scope has one direction");

    let by_hand = json!(local.m2m_token(&a).create());
    assert_eq!((status(&b_key, &by_hand).await, status(&c_key, &by_hand).await), (200, 404));
    let of_unknown = json!(local.m2m_token("mch_1").create());
    let own = local.machine_secret_key().expose();
    assert_eq!((status(own, &of_unknown).await, status(&b_key, &of_unknown).await), (200, 404));

    let url = format!("{}/v1/machines/{a}/scopes/{b}", local.backend_api_url());
    let deleted = reqwest::Client::new().delete(url).bearer_auth(secret).send().await.unwrap();
    assert_eq!(deleted.status(), 200);
    assert_eq!((status(&b_key, &of_a).await, status(&b_key, &by_hand).await), (404, 404), "the scope was deleted");
    assert_eq!(verify(secret, &of_a).await.1["scopes"], json!([]));
    let again = create(&a_key, json!({"min_remaining_ttl_seconds": 60})).await;
    assert_ne!(again, of_a, "a token with other scopes is not used again");

    let scopes = format!("/v1/machines/{a}/scopes");
    assert_eq!(post(&local, secret, &scopes, json!({"to_machine_id": b})).await.0, 200);
    assert_eq!(status(&b_key, &of_a).await, 200);
    assert_eq!(status(&b_key, &again).await, 404, "the token was created without the scope");
    let url = format!("{}/v1/machines/{a}", local.backend_api_url());
    assert_eq!(reqwest::Client::new().delete(url).bearer_auth(secret).send().await.unwrap().status(), 200);
    assert_eq!((status(&b_key, &of_a).await, status(secret, &of_a).await), (404, 404), "the machine is gone");
}
