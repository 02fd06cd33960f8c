//! Sessions, their tokens, and their clients.

use clerk_core::Clerk;
use reqwest::Method;
use serde_json::{Value, json};

use super::api::Api;

fn clerk(api: &Api) -> Clerk {
    api.local.clerk_builder().unwrap().build().unwrap()
}

#[tokio::test]
async fn sessions_are_created_listed_and_revoked() {
    let api = Api::start().await;
    let alice = api.local.user("alice").unwrap().id;
    let globex = api.get("/v1/organizations/globex").await["id"].clone();
    let session = api.post("/v1/sessions", json!({"user_id": alice, "active_organization_id": globex})).await;
    let id = session["id"].as_str().unwrap().to_owned();
    assert_eq!((&session["status"], &session["last_active_organization_id"]), (&json!("active"), &globex));
    let path = format!("/v1/sessions/{id}");
    assert_eq!(api.get(&path).await, session);
    let other = api.post("/v1/sessions", json!({ "user_id": alice })).await;

    let token = api.post(&format!("{path}/tokens"), json!({"expires_in_seconds": 120})).await;
    let verified = clerk(&api).verify_session_token(token["jwt"].as_str().unwrap()).await.unwrap();
    assert_eq!((verified.user_id().as_str(), verified.session_id().as_str()), (&*alice, &*id));
    assert_eq!(verified.organization().map(|organization| organization.id().as_str()), globex.as_str());
    for bad in [29_u64, 315_360_001] {
        let refusal = api.refused(Method::POST, &format!("{path}/tokens"), json!({ "expires_in_seconds": bad })).await;
        assert_eq!(refusal.2.as_deref(), Some("expires_in_seconds"));
    }

    assert_eq!(api.post(&format!("{path}/revoke"), Value::Null).await["status"], "revoked");
    assert_eq!(api.refused(Method::POST, &format!("{path}/tokens"), json!({})).await.0, 404);
    let list = async |query: &str| {
        let sessions = api.get(&format!("/v1/sessions?user_id={alice}&{query}")).await;
        sessions.as_array().unwrap().iter().map(|session| session["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(list("").await, [other["id"].clone(), session["id"].clone()], "the newest first, ended ones included");
    assert_eq!(list("status=active").await, [other["id"].clone()]);
    assert_eq!(list("status=revoked").await, [session["id"].clone()]);
    assert_eq!(api.refused(Method::GET, "/v1/sessions?status=odd", Value::Null).await.2.as_deref(), Some("status"));
    assert_eq!(api.refused(Method::POST, "/v1/sessions", json!({"user_id": "user_no"})).await.0, 404);
    let foreign = json!({"user_id": alice, "active_organization_id": "org_no"});
    assert_eq!(api.refused(Method::POST, "/v1/sessions", foreign).await.0, 404);
    api.local.ban_user("bob").unwrap();
    let bob = api.local.user("bob").unwrap().id;
    assert_eq!(api.refused(Method::POST, "/v1/sessions", json!({ "user_id": bob })).await.0, 403);
    api.finish();
}

#[tokio::test]
async fn clients_have_their_sessions() {
    let api = Api::start().await;
    let alice = api.local.user("alice").unwrap().id;
    let session = api.post("/v1/sessions", json!({ "user_id": alice })).await;
    let clients = api.get("/v1/clients").await;
    assert_eq!(clients[0]["session_ids"], json!([session["id"]]));
    let id = session["client_id"].as_str().unwrap();
    let client = api.get(&format!("/v1/clients/{id}")).await;
    assert_eq!((&client["last_active_session_id"], &client["sessions"][0]["id"]), (&session["id"], &session["id"]));
    assert_eq!(api.refused(Method::GET, "/v1/clients/client_no", Value::Null).await.0, 404);

    // A browser that signs in on the sign-in page has cookies.
    let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let origin = api.local.frontend_api_url();
    let form = browser.post(format!("{origin}/sign-in")).header("origin", origin);
    let form = form.header("content-type", "application/x-www-form-urlencoded").body(format!("user_id={alice}"));
    let answer = form.send().await.unwrap();
    let cookie = |name: &str| {
        let lines = answer.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
        let mut pairs = lines.filter_map(|line| line.split(';').next()?.split_once('='));
        pairs
            .find(|(own, _)| *own == name || name.ends_with('_') && own.starts_with(name))
            .map(|(_, value)| value.to_owned())
            .expect("a cookie")
    };
    let verified = api.post("/v1/clients/verify", json!({ "token": cookie("__client") })).await;
    assert_eq!(verified["sessions"][0]["user_id"], alice);
    let refusal = api.call(Method::POST, "/v1/clients/verify", json!({"token": "rotating_secret"})).await;
    assert!(refusal.status == 404 && !refusal.json.to_string().contains("rotating_secret"));

    let refresh = format!("/v1/sessions/{}/refresh", verified["sessions"][0]["id"].as_str().unwrap());
    let mut params = json!({"expired_token": "x", "refresh_token": "wrong", "request_origin": "http://localhost:3000"});
    assert_eq!(api.refused(Method::POST, &refresh, params.clone()).await.1, "refresh_token_mismatch");
    params["refresh_token"] = cookie("__refresh_").into();
    let cookies = api.post(&refresh, params.clone()).await;
    assert!(cookies["cookies"].as_array().unwrap().iter().any(|line| line.as_str().unwrap().starts_with("__session=")));
    params["format"] = "token".into();
    let token = api.post(&refresh, params).await;
    let session = clerk(&api).verify_session_token(token["jwt"].as_str().unwrap()).await.unwrap();
    assert_eq!(session.user_id().as_str(), alice);
    api.finish();
}
