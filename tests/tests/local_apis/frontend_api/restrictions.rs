//! Restrictions of sign-up and sign-in: sign-up modes, allowlist and blocklist.

use clerk_local::{LocalClerk, Settings, SignUpMode};
use clerk_tests::openapi::Conformance;
use serde_json::{Value, json};

use super::{Browser, CODE, PASSWORD};

pub(crate) async fn flows(api: &Conformance) {
    by_lists(api).await;
    at_providers(api).await;
    for (mode, code) in
        [(SignUpMode::Restricted, "sign_up_mode_restricted"), (SignUpMode::Waitlist, "sign_up_restricted_waitlist")]
    {
        by_mode(api, mode, code).await;
    }
}

/// Calls the Backend API, and expects success.
async fn backend(local: &LocalClerk, method: &str, path: &str, body: Value) -> Value {
    let url = format!("{}/v1{path}", local.backend_api_url());
    let request = reqwest::Client::new().request(method.parse().unwrap(), url).bearer_auth(local.secret_key().expose());
    let response = request.header("content-type", "application/json").body(body.to_string()).send().await.unwrap();
    assert!(response.status().is_success(), "{path}");
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

async fn by_lists(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let browser = Browser::new(&local, api);
    browser.sign_up("mallory+clerk_test@example.com").await;
    backend(&local, "POST", "/allowlist_identifiers", json!({"identifier": "*@Example.com"})).await;
    backend(&local, "POST", "/blocklist_identifiers", json!({"identifier": "mallory@example.com"})).await;
    backend(&local, "PATCH", "/instance/restrictions", json!({"blocklist": true})).await;
    let not_allowed = "not_allowed_access";
    let add = [("email_address", "mallory+other@example.com")];
    assert_eq!(browser.refused("POST", "/v1/me/email_addresses", &add).await, not_allowed);
    browser.sign_out().await;
    let form = [("strategy", "password"), ("identifier", "mallory+clerk_test@example.com"), ("password", PASSWORD)];
    assert_eq!(
        browser.refused("POST", "/v1/client/sign_ins", &form).await,
        not_allowed,
        "a blocked user cannot sign in"
    );
    let on_sign_up_alone = json!({"allowlist_blocklist_disabled_on_sign_in": true});
    backend(&local, "PATCH", "/instance/restrictions", on_sign_up_alone).await;
    assert_eq!(browser.sign_in("mallory+clerk_test@example.com").await["status"], "complete");

    let other = Browser::new(&local, api);
    let (status, body) = other.send("POST", "/v1/client/sign_ups", &add).await;
    assert_eq!((status, &body["errors"][0]["code"]), (403, &json!(not_allowed)));
    assert_eq!(body["errors"][0]["meta"]["identifiers"], json!(["mallory+other@example.com"]));
    backend(&local, "PATCH", "/instance/restrictions", json!({"blocklist": false, "allowlist": true})).await;
    for form in [[("email_address", "ada@example.org")], [("phone_number", "+15555550100")]] {
        assert_eq!(other.refused("POST", "/v1/client/sign_ups", &form).await, not_allowed, "{form:?}");
    }
    let environment = other.send("GET", "/v1/environment", &[]).await.1;
    let restrictions = &environment["user_settings"]["restrictions"];
    assert_eq!(
        (&restrictions["allowlist"]["enabled"], &restrictions["blocklist"]["enabled"]),
        (&json!(true), &json!(false))
    );
    other.sign_up("ada+clerk_test@example.com").await;

    // A sign-up that began before the address was removed from the list is refused at its end.
    let late = Browser::new(&local, api);
    let form = [("email_address", "late+clerk_test@example.com"), ("password", PASSWORD)];
    let begun = late.ok("POST", "/v1/client/sign_ups", &form).await;
    let path = format!("/v1/client/sign_ups/{}", begun["id"].as_str().unwrap());
    late.ok("POST", &format!("{path}/prepare_verification"), &[("strategy", "email_code")]).await;
    let listed = backend(&local, "GET", "/allowlist_identifiers", Value::Null).await;
    let listed = format!("/allowlist_identifiers/{}", listed[0]["id"].as_str().unwrap());
    backend(&local, "DELETE", &listed, Value::Null).await;
    let proof = [("strategy", "email_code"), ("code", CODE)];
    assert_eq!(late.refused("POST", &format!("{path}/attempt_verification"), &proof).await, not_allowed);
    assert!(local.user("late+clerk_test@example.com").is_none());
}

async fn at_providers(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    backend(&local, "PATCH", "/instance/restrictions", json!({"allowlist": true})).await;
    let browser = Browser::new(&local, api);
    let back = "http://localhost:3000/sso";
    let form = [("strategy", "oauth_google"), ("redirect_url", back), ("action_complete_redirect_url", back)];
    let begun = browser.ok("POST", "/v1/client/sign_ups", &form).await;
    let provider_page = &begun["verifications"]["external_account"]["external_verification_redirect_url"];
    browser.sign_in_at_provider(provider_page, "new@example.com").await;
    let path = format!("/v1/client/sign_ups/{}", begun["id"].as_str().unwrap());
    let sign_up = browser.ok("GET", &path, &[]).await;
    assert_eq!(sign_up["verifications"]["external_account"]["error"]["code"], "not_allowed_access", "{sign_up}");
    assert!(sign_up["created_user_id"].is_null() && local.user("new@example.com").is_none());
}

async fn by_mode(api: &Conformance, mode: SignUpMode, code: &str) {
    let mut settings = Settings::default();
    settings.sign_up_mode = mode;
    let local = LocalClerk::builder().settings(settings).start().await.unwrap();
    let browser = Browser::new(&local, api);
    let form = [("email_address", "new+clerk_test@example.com"), ("password", PASSWORD)];
    assert_eq!(browser.refused("POST", "/v1/client/sign_ups", &form).await, code);
    let google = [("strategy", "oauth_google"), ("redirect_url", "http://localhost:3000/")];
    assert_eq!(browser.refused("POST", "/v1/client/sign_ups", &google).await, code);
    // An enterprise connection may create users, but a code for an address of its domain may not.
    let company = [("strategy", "enterprise_sso"), ("redirect_url", "http://localhost:3000/")];
    let company = [&company[..], &[("email_address", "new+clerk_test@acme.test"), ("password", PASSWORD)]].concat();
    let begun = browser.ok("POST", "/v1/client/sign_ups", &company).await;
    let path = format!("/v1/client/sign_ups/{}", begun["id"].as_str().unwrap());
    browser.ok("POST", &format!("{path}/prepare_verification"), &[("strategy", "email_code")]).await;
    let proof = [("strategy", "email_code"), ("code", CODE)];
    assert_eq!(browser.refused("POST", &format!("{path}/attempt_verification"), &proof).await, code);
    let environment = browser.send("GET", "/v1/environment", &[]).await.1;
    assert_eq!(environment["user_settings"]["sign_up"]["mode"], format!("{mode:?}").to_lowercase());

    let (status, entry) = browser.send("POST", "/v1/waitlist", &[("email_address", "ada@example.com")]).await;
    assert_eq!((status, &entry["object"]), (200, &json!("waitlist_entry")));
    let invite = format!("/waitlist_entries/{}/invite", entry["id"].as_str().unwrap());
    let invited = backend(&local, "POST", &invite, json!({})).await;
    let link = invited["invitation"]["url"].as_str().unwrap();
    let ticket = link.split_once("ticket=").unwrap().1;
    let form = [("strategy", "ticket"), ("ticket", ticket), ("password", PASSWORD)];
    // An invitation is valid only for the address that it was sent to.
    let other_browser = Browser::new(&local, api);
    let without_password = [("strategy", "ticket"), ("ticket", ticket)];
    let begun = other_browser.ok("POST", "/v1/client/sign_ups", &without_password).await;
    let path = format!("/v1/client/sign_ups/{}", begun["id"].as_str().unwrap());
    let other = [("email_address", "eve+clerk_test@example.com"), ("password", PASSWORD)];
    other_browser.ok("PATCH", &path, &other).await;
    other_browser.ok("POST", &format!("{path}/prepare_verification"), &[("strategy", "email_code")]).await;
    assert_eq!(other_browser.refused("POST", &format!("{path}/attempt_verification"), &proof).await, code);
    assert_eq!(browser.ok("POST", "/v1/client/sign_ups", &form).await["status"], "complete");
    let entries = backend(&local, "GET", "/waitlist_entries", Value::Null).await;
    assert_eq!(entries["data"][0]["status"], "completed");
}
