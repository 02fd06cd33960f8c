//! Machines with their tokens, API keys, and OAuth applications.

use reqwest::Method;
use serde_json::{Value, json};

use super::api::Api;

#[tokio::test]
async fn machines_and_their_tokens() {
    let api = Api::start().await;
    let importer = api.post("/v1/machines", json!({"name": "importer", "default_token_ttl": 120})).await;
    let params = json!({"name": "worker", "scoped_machines": [importer["id"]]});
    let worker = api.post("/v1/machines", params).await;
    assert_eq!(worker["scoped_machines"][0]["id"], importer["id"]);
    let path = format!("/v1/machines/{}", worker["id"].as_str().unwrap());
    assert_eq!(api.get(&path).await.get("secret_key"), None, "only the response to the creation has the key");
    assert_eq!(api.get("/v1/machines?query=WORK").await["data"][0]["id"], worker["id"]);
    assert_eq!(api.get("/v1/machines").await["total_count"], 3, "with the one that each instance has at the start");
    assert_eq!(api.patch(&path, json!({"name": "digger"})).await["name"], "digger");
    let secret = api.get(&format!("{path}/secret_key")).await["secret"].as_str().unwrap().to_owned();
    assert_eq!(worker["secret_key"], *secret);

    let create = async |key: &str, body: Value| api.call_as(key, Method::POST, "/v1/m2m_tokens", body).await;
    let token = create(&secret, json!({"claims": {"job": 7}})).await;
    assert_eq!(
        (token.status, &token.json["subject"], &token.json["scopes"]),
        (201, &worker["id"], &json!([importer["id"]]))
    );
    let own = importer["secret_key"].as_str().unwrap();
    let short = create(own, json!({})).await.json;
    assert_eq!(short["expiration"].as_i64().unwrap() - short["created_at"].as_i64().unwrap(), 120_000);
    let verify = json!({"token": token.json["token"]});
    assert_eq!(api.post("/v1/m2m_tokens/verify", verify).await["claims"], json!({"job": 7}));
    let list = format!("/v1/m2m_tokens?subject={}", worker["id"].as_str().unwrap());
    assert_eq!(api.get(&list).await["m2m_tokens"][0]["id"], token.json["id"]);
    assert_eq!(api.call_as(own, Method::GET, &list, Value::Null).await.status, 403, "of another machine");
    assert_eq!(api.call_as(&secret, Method::GET, &list, Value::Null).await.status, 200);
    let revoke = format!("/v1/m2m_tokens/{}/revoke", token.json["id"].as_str().unwrap());
    assert_eq!(api.post(&revoke, json!({"revocation_reason": "done"})).await["revoked"], true);
    assert_eq!(api.get(&list).await["total_count"], 0);
    assert_eq!(api.get(&format!("{list}&revoked=true")).await["total_count"], 1);

    let rotate = format!("{path}/secret_key/rotate");
    let rotated = api.post(&rotate, json!({"previous_token_ttl": 60})).await["secret"].as_str().unwrap().to_owned();
    assert_eq!((create(&secret, json!({})).await.status, create(&rotated, json!({})).await.status), (201, 201));
    let last = api.post(&rotate, json!({"previous_token_ttl": 0})).await["secret"].as_str().unwrap().to_owned();
    assert_eq!((create(&secret, json!({})).await.status, create(&rotated, json!({})).await.status), (401, 401));
    assert_eq!(create(&last, json!({})).await.status, 201);

    let scopes = format!("/v1/machines/{}/scopes", importer["id"].as_str().unwrap());
    let scope = json!({"to_machine_id": worker["id"]});
    assert_eq!(api.post(&scopes, scope.clone()).await["from_machine_id"], importer["id"]);
    assert_eq!(api.refused(Method::POST, &scopes, scope).await.0, 409);
    let scope = format!("{scopes}/{}", worker["id"].as_str().unwrap());
    assert_eq!(api.delete(&scope).await["deleted"], true);
    assert_eq!(api.refused(Method::DELETE, &scope, Value::Null).await.0, 404);
    assert_eq!(api.delete(&path).await["deleted"], true);
    assert_eq!(create(&last, json!({})).await.status, 401);
    api.finish();
}

#[tokio::test]
async fn api_keys() {
    let api = Api::start().await;
    let alice = api.local.user("alice").unwrap().id;
    let params = json!({
        "name": "ci", "subject": alice, "scopes": ["read"], "claims": {"a": 1}, "description": "for CI",
        "created_by": alice, "seconds_until_expiration": 3600,
    });
    let key = api.post("/v1/api_keys", params).await;
    let secret = key["secret"].as_str().unwrap();
    assert_eq!((&key["description"], &key["created_by"]), (&json!("for CI"), &json!(alice)));
    let path = format!("/v1/api_keys/{}", key["id"].as_str().unwrap());
    assert_eq!(api.get(&path).await.get("secret"), None);
    assert_eq!(api.get(&format!("{path}/secret")).await, json!({ "secret": secret }));
    assert_eq!(api.post("/v1/api_keys/verify", json!({ "secret": secret })).await["id"], key["id"]);
    assert_eq!(api.patch(&path, json!({"scopes": ["write"], "description": null})).await["scopes"], json!(["write"]));
    let list = format!("/v1/api_keys?subject={alice}");
    assert_eq!(api.get(&list).await["data"][0]["id"], key["id"]);
    assert_eq!(api.get(&format!("{list}&query=none")).await["total_count"], 0);
    assert_eq!(
        api.post(&format!("{path}/revoke"), json!({"revocation_reason": "lost"})).await["revocation_reason"],
        "lost"
    );
    assert_eq!(api.get(&list).await["total_count"], 0);
    assert_eq!(api.get(&format!("{list}&include_invalid=true")).await["total_count"], 1);
    assert_eq!(api.post("/v1/api_keys/verify", json!({ "secret": secret })).await["revoked"], true);
    assert_eq!(api.refused(Method::GET, "/v1/api_keys", Value::Null).await.2.as_deref(), Some("subject"));
    assert_eq!(api.delete(&path).await["deleted"], true);
    assert_eq!(api.refused(Method::GET, &path, Value::Null).await.0, 404);
    let refusal = api.call(Method::POST, "/v1/api_keys/verify", json!({ "secret": secret })).await;
    assert!(refusal.status == 404 && !refusal.json.to_string().contains(secret));
    api.finish();
}

#[tokio::test]
async fn oauth_applications() {
    let api = Api::start().await;
    let params =
        json!({"name": "Editor", "redirect_uris": ["http://localhost:9999/cb"], "public": true, "scopes": "profile"});
    let application = api.post("/v1/oauth_applications", params).await;
    assert_eq!((&application["public"], application.get("client_secret")), (&json!(true), None));
    let path = format!("/v1/oauth_applications/{}", application["id"].as_str().unwrap());
    assert_eq!(api.get(&path).await, application);
    assert_eq!(api.get("/v1/oauth_applications?name_query=edit").await["data"][0], application);
    // A public application can be used without a secret.
    let client_id = application["client_id"].as_str().unwrap();
    let authorize = async || {
        let url = format!(
            "{}/oauth/authorize?client_id={client_id}&redirect_uri=http%3A%2F%2Flocalhost%3A9999%2Fcb&response_type=code\
             &code_challenge={}&code_challenge_method=S256",
            api.local.frontend_api_url(),
            "A".repeat(43)
        );
        reqwest::get(url).await.unwrap().status().as_u16()
    };
    assert_eq!(authorize().await, 200);
    let confidential = api.patch(&path, json!({"public": false, "name": "Writer"})).await;
    assert_eq!((&confidential["public"], &confidential["name"]), (&json!(false), &json!("Writer")));
    assert_eq!(authorize().await, 200, "with a secret, too");
    let secret = api.post(&format!("{path}/rotate_secret"), Value::Null).await["client_secret"].clone();
    assert_ne!(api.post(&format!("{path}/rotate_secret"), Value::Null).await["client_secret"], secret);
    let token = api.local.oauth_token(&api.local.user("bob").unwrap().id).client_id(client_id).create();
    let verify = json!({ "access_token": token });
    assert_eq!(api.post("/v1/oauth_applications/access_tokens/verify", verify.clone()).await["revoked"], false);
    api.post(&format!("{path}/revoke_token"), json!({ "token": token })).await;
    assert_eq!(api.post("/v1/oauth_applications/access_tokens/verify", verify).await["revoked"], true);
    assert_eq!(api.refused(Method::POST, &format!("{path}/revoke_token"), json!({"token": "oat_no"})).await.0, 404);
    let bad = json!({"name": "x", "redirect_uris": ["no url"]});
    assert_eq!(api.refused(Method::POST, "/v1/oauth_applications", bad).await.2.as_deref(), Some("redirect_uris"));
    assert_eq!(api.delete(&path).await["deleted"], true);
    assert_eq!(authorize().await, 400, "the application is deleted");
    api.finish();
}
