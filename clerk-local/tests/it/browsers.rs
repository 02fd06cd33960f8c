//! The handshake, the refresh and the requests of backends about them, over real loopback HTTP.

use std::{sync::Arc, time::Duration};

use clerk_core::time::{ManualClock, Timestamp};
use clerk_local::LocalClerk;
use reqwest::{Client, Response, redirect::Policy};
use serde_json::{Value, json};

const APP: &str = "http://localhost:3000/dashboard?tab=1";

fn http() -> Client {
    Client::builder().redirect(Policy::none()).no_proxy().build().unwrap()
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

async fn handshake(local: &LocalClerk, target: &str, more: &str, cookie: &str) -> Response {
    let url = format!("{}/v1/client/handshake?redirect_url={}{more}", local.frontend_api_url(), encoded(target));
    http().get(url).header("cookie", cookie).send().await.unwrap()
}

/// A parameter that the handshake added to the address.
fn added_parameter(response: &Response, name: &str) -> String {
    assert_eq!(response.status(), 307);
    let location = url::Url::parse(response.headers()["location"].to_str().unwrap()).unwrap();
    assert!(location.as_str().starts_with(APP), "{location}");
    location.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned()
}

async fn directives(local: &LocalClerk, nonce: &str) -> (u16, Value) {
    let url = format!("{}/v1/clients/handshake_payload?nonce={nonce}", local.backend_api_url());
    let response = http().get(url).bearer_auth(local.secret_key().expose()).send().await.unwrap();
    (response.status().as_u16(), serde_json::from_str(&response.text().await.unwrap()).unwrap())
}

fn value<'a>(directives: &'a Value, name: &str) -> Option<&'a str> {
    let list = directives["directives"].as_array().or(directives["cookies"].as_array()).unwrap();
    let named = list.iter().find_map(|line| line.as_str().unwrap().strip_prefix(name)?.strip_prefix('='));
    named.and_then(|rest| rest.split(';').next())
}

/// Signs Alice in; returns the cookies that identify her browser, and the one that refreshes.
async fn alice(local: &LocalClerk) -> (String, String, String) {
    let response = http()
        .post(format!("{}/sign-in", local.frontend_api_url()))
        .header("content-type", "application/x-www-form-urlencoded")
        .body("user_id=alice")
        .send()
        .await
        .unwrap();
    let cookie = |name: &str| {
        let cookies = response.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
        let found = cookies.filter_map(|line| line.strip_prefix(name)?.strip_prefix('=')).next().unwrap();
        found.split(';').next().unwrap().to_owned()
    };
    let refresh = cookie(&format!("__refresh_{}", local.publishable_key().cookie_suffix()));
    (cookie("__client"), cookie("__clerk_db_jwt"), refresh)
}

#[tokio::test]
async fn an_unknown_browser_comes_back_signed_out_and_known() {
    let local = LocalClerk::start().await.unwrap();
    let response = handshake(&local, APP, "&format=nonce", "").await;
    assert_eq!(response.headers()["cache-control"], "no-store");
    let nonce = added_parameter(&response, "__clerk_handshake_nonce");
    let (status, first) = directives(&local, &nonce).await;
    assert_eq!((status, value(&first, "__client_uat"), value(&first, "__session")), (200, Some("0"), Some("")));
    assert_eq!(directives(&local, &nonce).await.0, 404, "good once");
    let dev_browser = value(&first, "__clerk_db_jwt").unwrap();
    let again = handshake(&local, APP, &format!("&format=nonce&__clerk_db_jwt={dev_browser}"), "").await;
    let (_, second) = directives(&local, &added_parameter(&again, "__clerk_handshake_nonce")).await;
    assert_eq!(value(&second, "__clerk_db_jwt"), Some(dev_browser));
    assert_eq!(local.handshake_requests(), 3);
}

#[tokio::test]
async fn a_signed_in_browser_comes_back_with_a_session_for_the_apps_origin() {
    let local = LocalClerk::start().await.unwrap();
    let clerk = local.clerk_builder().unwrap().authorized_parties(["http://localhost:3000"]).unwrap().build().unwrap();
    let (client, dev_browser, _) = alice(&local).await;
    for (more, cookie) in
        [(String::new(), format!("__client={client}")), (format!("&__clerk_db_jwt={dev_browser}"), String::new())]
    {
        let response = handshake(&local, APP, &format!("&format=nonce{more}"), &cookie).await;
        let (_, payload) = directives(&local, &added_parameter(&response, "__clerk_handshake_nonce")).await;
        let suffixed = format!("__session_{}", local.publishable_key().cookie_suffix());
        let token = value(&payload, &suffixed).unwrap();
        assert_eq!(value(&payload, "__session"), Some(token));
        let session = clerk.verify_session_token(token).await.unwrap();
        assert_eq!(session.user_id().as_str(), local.user("alice").unwrap().id);
    }
    let signed = added_parameter(&handshake(&local, APP, "", &format!("__client={client}")).await, "__clerk_handshake");
    let payload: Value = clerk.verify_token(&signed).await.unwrap_or_default();
    assert!(payload.is_null(), "without a subject it is no user's token");
    assert!(clerk_core::token::DecodedToken::decode(&signed).unwrap().payload()["handshake"].is_array());
}

#[tokio::test]
async fn an_organization_becomes_active_if_the_user_is_in_it() {
    let local = LocalClerk::start().await.unwrap();
    let clerk = local.clerk_builder().unwrap().build().unwrap();
    let (client, ..) = alice(&local).await;
    for (wanted, active) in
        [("globex", Some("globex")), ("nowhere", Some("globex")), ("", None), ("acme", Some("acme"))]
    {
        let more = format!("&format=nonce&organization_id={wanted}");
        let response = handshake(&local, APP, &more, &format!("__client={client}")).await;
        let (_, payload) = directives(&local, &added_parameter(&response, "__clerk_handshake_nonce")).await;
        let session = clerk.verify_session_token(value(&payload, "__session").unwrap()).await.unwrap();
        assert_eq!(session.organization().and_then(|organization| organization.slug()), active, "{wanted:?}");
    }
}

#[tokio::test]
async fn a_handshake_redirects_to_allowed_origins_only() {
    let local = LocalClerk::start().await.unwrap();
    for target in
        ["", "https://evil.example/", "javascript:alert(1)", "//evil.example/", "http://localhost@evil.example/"]
    {
        let response = handshake(&local, target, "&format=nonce", "").await;
        assert_eq!(response.status(), 400, "{target}");
        assert!(response.headers().get("set-cookie").is_none(), "{target}");
    }
}

#[tokio::test]
async fn a_session_is_refreshed_with_its_own_refresh_token_until_it_ends() {
    let clock = Arc::new(ManualClock::new(Timestamp::from_unix_seconds(1_768_478_400)));
    let local = LocalClerk::builder().clock(clock.clone()).start().await.unwrap();
    let clerk = local.clerk_builder().unwrap().build().unwrap();
    let (client, _, refresh_token) = alice(&local).await;
    let first = handshake(&local, APP, "&format=nonce", &format!("__client={client}")).await;
    let (_, payload) = directives(&local, &added_parameter(&first, "__clerk_handshake_nonce")).await;
    let id = clerk.verify_session_token(value(&payload, "__session").unwrap()).await.unwrap().session_id().to_string();
    clock.advance(Duration::from_secs(120));
    let refresh = async |id: &str, refresh_token: &str| {
        let body =
            json!({"format": "cookie", "refresh_token": refresh_token, "request_origin": "http://localhost:3000"});
        let request = http().post(format!("{}/v1/sessions/{id}/refresh", local.backend_api_url()));
        let request = request.bearer_auth(local.secret_key().expose()).header("content-type", "application/json");
        let response = request.body(body.to_string()).send().await.unwrap();
        (response.status().as_u16(), serde_json::from_str::<Value>(&response.text().await.unwrap()).unwrap())
    };
    let (status, cookies) = refresh(&id, &refresh_token).await;
    assert_eq!((status, &cookies["object"]), (200, &json!("cookies")));
    clerk.verify_session_token(value(&cookies, "__session").unwrap()).await.unwrap();
    let (status, error) = refresh(&id, "rt_wrong").await;
    assert_eq!((status, &error["errors"][0]["code"]), (401, &json!("refresh_token_mismatch")));
    assert_eq!(refresh("sess_other", &refresh_token).await.0, 404);
    local.end_sessions();
    assert_eq!(refresh(&id, &refresh_token).await.0, 404);
    assert_eq!(local.refresh_requests(), 4);
}

#[tokio::test]
async fn machine_tokens_are_looked_up_by_kind() {
    let local = LocalClerk::start().await.unwrap();
    let key = local.api_key("user_1").scopes(["a", "b"]).claims(json!({"tier": 1})).create();
    let revoked = local.api_key("user_1").revoked().create();
    let machine = local.m2m_token("mch_1").create();
    let oauth = local.oauth_token("user_1").client_id("client_1").create();
    let verify = async |path: &str, member: &str, token: &str, secret: &str| {
        let request = http().post(format!("{}{path}", local.backend_api_url())).bearer_auth(secret);
        let request = request.header("content-type", "application/json");
        let response = request.body(json!({ member: token }).to_string()).send().await.unwrap();
        (response.status().as_u16(), serde_json::from_str::<Value>(&response.text().await.unwrap()).unwrap())
    };
    let secret = local.secret_key().expose();
    let machine_secret = local.machine_secret_key().expose();
    let (status, found) = verify("/api_keys/verify", "secret", &key, secret).await;
    assert_eq!((status, &found["scopes"], &found["claims"]), (200, &json!(["a", "b"]), &json!({"tier": 1})));
    assert_eq!(verify("/api_keys/verify", "secret", &revoked, secret).await.1["revoked"], true);
    assert_eq!(verify("/api_keys/verify", "secret", &machine, secret).await.0, 404, "another kind");
    assert_eq!(verify("/api_keys/verify", "secret", &key, machine_secret).await.0, 401);
    assert_eq!(verify("/m2m_tokens/verify", "token", &machine, machine_secret).await.1["subject"], "mch_1");
    assert_eq!(verify("/m2m_tokens/verify", "token", &machine, secret).await.0, 200);
    assert_eq!(verify("/m2m_tokens/verify", "token", &machine, "ak_wrong").await.0, 401);
    let (_, found) = verify("/oauth_applications/access_tokens/verify", "access_token", &oauth, secret).await;
    assert_eq!(found["client_id"], "client_1");
}

#[tokio::test]
async fn cookies_of_navigations_may_name_no_origin() {
    let mut settings = clerk_local::Settings::default();
    settings.cookies_without_azp = true;
    let local = LocalClerk::builder().settings(settings).start().await.unwrap();
    let (client, _, _) = alice(&local).await;
    let response = handshake(&local, APP, "&format=nonce", &format!("__client={client}")).await;
    let (_, set) = directives(&local, &added_parameter(&response, "__clerk_handshake_nonce")).await;
    let session = value(&set, "__session").unwrap();
    let claims = session.split('.').nth(1).unwrap();
    let claims = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, claims).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!((claims.get("azp"), claims["iss"].as_str()), (None, Some(local.issuer())));
}
