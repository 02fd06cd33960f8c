//! JWT templates, and tokens made from them.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::Method;
use serde_json::{Value, json};

use super::api::Api;

fn part(jwt: &Value, index: usize) -> Value {
    let part = jwt.as_str().unwrap().split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[tokio::test]
async fn tokens_are_created_from_templates() {
    let api = Api::start().await;
    let claims = json!({
        "aud": "https://db.example", "email": "{{user.primary_email_address}}", "verified": "{{user.email_verified}}",
        "name": "{{user.first_name}} {{user.last_name}}", "role": "{{org.role}}", "team": "{{org.slug}}",
        "plan": "{{user.public_metadata.plan || 'free'}}", "meta": {"all": "{{user.public_metadata}}"},
        "secret": "{{user.private_metadata.secret}}", "level": 7,
    });
    let params = json!({"name": "db", "claims": claims, "lifetime": 600, "allowed_clock_skew": 10});
    let template = api.post("/v1/jwt_templates", params.clone()).await;
    assert_eq!((&template["lifetime"], &template["claims"]), (&json!(600), &claims));
    let path = format!("/v1/jwt_templates/{}", template["id"].as_str().unwrap());
    assert_eq!(api.get(&path).await, template);
    assert_eq!(api.get("/v1/jwt_templates").await, json!([template]));

    let alice = api.local.user("alice").unwrap().id;
    let metadata = json!({"public_metadata": {"seats": 3}, "private_metadata": {"secret": "s3cret"}});
    api.patch(&format!("/v1/users/{alice}/metadata"), metadata).await;
    let session = api.post("/v1/sessions", json!({ "user_id": alice })).await;
    let tokens = format!("/v1/sessions/{}/tokens", session["id"].as_str().unwrap());
    let jwt = api.post(&format!("{tokens}/db"), json!({})).await["jwt"].clone();
    let claims = part(&jwt, 1);
    let rendered = json!({
        "aud": "https://db.example", "email": "alice@example.com", "verified": true, "name": "Alice Archer",
        "role": "org:admin", "team": "acme", "plan": "free", "meta": {"all": {"seats": 3}}, "secret": null, "level": 7,
        "iss": api.local.issuer(), "sub": alice,
        "iat": claims["iat"], "nbf": claims["nbf"], "exp": claims["exp"], "jti": claims["jti"],
    });
    assert_eq!(claims, rendered);
    let seconds = |claim: &str| claims[claim].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
    assert_eq!((seconds("exp"), seconds("nbf")), (600, -10));
    let header = part(&jwt, 0);
    assert_eq!((&header["alg"], &header["cat"]), (&json!("RS256"), &json!("cl_B7d4PD222AAA")));
    assert_eq!(header["kid"], api.get("/v1/jwks").await["keys"][0]["kid"]);
    let clerk = api.local.clerk_builder().unwrap().build().unwrap();
    clerk.verify_session_token(jwt.as_str().unwrap()).await.expect_err("a template's token is not a session token");

    let updated = api.patch(&path, json!({"name": "db", "claims": {"a": 1}})).await;
    assert_eq!((&updated["claims"], &updated["lifetime"]), (&json!({"a": 1}), &json!(600)));
    for (body, parameter) in [
        (json!({"claims": {}}), "name"),
        (json!({"name": "x"}), "claims"),
        (json!({"name": "db", "claims": {}}), "name"),
        (json!({"name": "x", "claims": {"sub": "me"}}), "claims"),
        (json!({"name": "x", "claims": {}, "lifetime": 29}), "lifetime"),
        (json!({"name": "x", "claims": {}, "allowed_clock_skew": 301}), "allowed_clock_skew"),
        (json!({"name": "x", "claims": {}, "custom_signing_key": true}), "custom_signing_key"),
        (json!({"name": "x", "claims": {}, "signing_algorithm": "HS256"}), "signing_algorithm"),
    ] {
        let refusal = api.refused(Method::POST, "/v1/jwt_templates", body.clone()).await;
        assert_eq!((refusal.0, refusal.2.as_deref()), (422, Some(parameter)), "{body}");
    }
    assert_eq!(api.delete(&path).await["deleted"], true);
    assert_eq!(api.refused(Method::POST, &format!("{tokens}/db"), json!({})).await.0, 404);
    api.finish();
}
