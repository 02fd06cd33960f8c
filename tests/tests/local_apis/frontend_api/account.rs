//! Flows in which users read and change their account.

use std::time::Duration;

use clerk_core::time::{Clock, ManualClock};
use clerk_local::LocalClerk;
use clerk_tests::openapi::Conformance;
use serde_json::json;

use super::{Browser, CODE, PASSWORD};

const ADA: &str = "ada+clerk_test@example.com";

pub(crate) async fn flows(api: &Conformance) {
    profile(api).await;
    identifiers(api).await;
    secrets(api).await;
    sessions(api).await;
    reverification(api).await;
}

async fn profile(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let browser = Browser::new(&local, api);
    for path in ["/v1/me", "/v1/me/email_addresses", "/v1/me/organization_memberships", "/v1/me/sessions/active"] {
        assert_eq!(browser.refused("GET", path, &[]).await, "authentication_invalid", "{path}");
    }
    let (status, environment) = browser.send("GET", "/v1/environment", &[]).await;
    assert_eq!((status, environment["user_settings"]["sign_up"]["captcha_enabled"].as_bool()), (200, Some(false)));
    browser.send("PATCH", "/v1/environment", &[]).await;
    let (_, keys) = browser.send("GET", "/.well-known/jwks.json", &[]).await;
    assert_eq!(keys["keys"].as_array().unwrap().len(), 1);
    browser.ok("PUT", "/v1/client", &[]).await;
    let id = browser.sign_up(ADA).await;
    let form = [("first_name", "Ada"), ("last_name", "Byron"), ("username", "countess")];
    let me = browser.ok("PATCH", "/v1/me", &form).await;
    assert_eq!((&me["id"], &me["last_name"], &me["username"]), (&json!(id), &json!("Byron"), &json!("countess")));
    assert!(me.get("private_metadata").is_none(), "only backends can read it");
    browser.ok("PATCH", "/v1/me", &[("last_name", "")]).await;
    browser.ok("PATCH", "/v1/me/metadata", &[("unsafe_metadata", r#"{"theme":"dark"}"#)]).await;
    let me = browser.ok("GET", "/v1/me", &[]).await;
    assert_eq!((&me["last_name"], &me["unsafe_metadata"]["theme"]), (&json!(null), &json!("dark")));
    assert_eq!(browser.refused("PATCH", "/v1/me", &[("username", "alice")]).await, "form_identifier_exists");
    let foreign = "idn_foreign";
    assert_eq!(
        browser.refused("PATCH", "/v1/me", &[("primary_email_address_id", foreign)]).await,
        "resource_not_found"
    );
    browser.ok("POST", "/v1/me/profile_image", &[]).await;
    browser.ok("DELETE", "/v1/me/profile_image", &[]).await;
    for path in ["organization_memberships", "organization_invitations", "organization_suggestions"] {
        browser.ok("GET", &format!("/v1/me/{path}"), &[]).await;
    }
    browser.ok("GET", "/v1/me/enterprise_connections", &[]).await;
    browser.ok("DELETE", "/v1/me", &[]).await;
    assert!(local.user(&id).is_none());
    assert!(browser.session().await.is_null());
}

async fn identifiers(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let browser = Browser::new(&local, api);
    browser.sign_up(ADA).await;
    let taken = [("email_address", "alice@example.com")];
    assert_eq!(browser.refused("POST", "/v1/me/email_addresses", &taken).await, "form_identifier_exists");
    for (kind, field, value, strategy) in [
        ("email_addresses", "email_address", "countess+clerk_test@example.com", "email_code"),
        ("phone_numbers", "phone_number", "+15555550100", "phone_code"),
    ] {
        let added = browser.ok("POST", &format!("/v1/me/{kind}/"), &[(field, value)]).await;
        assert!(added["verification"].is_null(), "{added}");
        let path = format!("/v1/me/{kind}/{}", added["id"].as_str().unwrap());
        let unverified =
            Browser::new(&local, api).refused("POST", "/v1/client/sign_ins", &[("identifier", value)]).await;
        assert_eq!(unverified, "form_identifier_not_found", "an unverified identifier cannot sign in");
        browser.ok("POST", &format!("{path}/prepare_verification"), &[("strategy", strategy)]).await;
        let wrong = browser.refused("POST", &format!("{path}/attempt_verification"), &[("code", "1")]).await;
        assert_eq!(wrong, "form_code_incorrect");
        let verified = browser.ok("POST", &format!("{path}/attempt_verification"), &[("code", CODE)]).await;
        assert_eq!(verified["verification"]["status"], "verified");
        browser.ok("GET", &path, &[]).await;
        browser.ok("GET", &format!("/v1/me/{kind}"), &[]).await;
        let other = Browser::new(&local, api);
        other.sign_up("eve+clerk_test@example.com").await;
        assert_eq!(other.refused("DELETE", &path, &[]).await, "resource_not_found", "another user's");
        other.ok("DELETE", "/v1/me", &[]).await;
        if kind == "phone_numbers" {
            browser.ok("PATCH", &path, &[("reserved_for_second_factor", "true")]).await;
            assert_eq!(other.sign_in(ADA).await["status"], "needs_second_factor");
            let client = other.ok("GET", "/v1/client", &[]).await;
            let sign_in = format!("/v1/client/sign_ins/{}", client["sign_in"]["id"].as_str().unwrap());
            other.ok("POST", &format!("{sign_in}/prepare_second_factor"), &[("strategy", "phone_code")]).await;
            let form = [("strategy", "phone_code"), ("code", CODE)];
            let done = other.ok("POST", &format!("{sign_in}/attempt_second_factor"), &form).await;
            assert_eq!(done["status"], "complete");
        }
        browser.ok("DELETE", &path, &[]).await;
    }
    let begun = browser
        .ok("POST", "/v1/me/external_accounts", &[("strategy", "oauth_google"), ("redirect_url", "/user")])
        .await;
    let provider_page = &begun["verification"]["external_verification_redirect_url"];
    browser.sign_in_at_provider(provider_page, "ada@gmail.example").await;
    let me = browser.ok("GET", "/v1/me", &[]).await;
    let path = format!("/v1/me/external_accounts/{}", me["external_accounts"][0]["id"].as_str().unwrap());
    browser.ok("DELETE", &path, &[]).await;
    assert_eq!(browser.refused("DELETE", &path, &[]).await, "resource_not_found");
}

async fn secrets(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let browser = Browser::new(&local, api);
    browser.sign_up(ADA).await;
    let change = "/v1/me/change_password";
    let wrong = [("current_password", "wrong"), ("new_password", "another horse battery")];
    assert_eq!(browser.refused("POST", change, &wrong).await, "form_password_incorrect");
    let short = [("current_password", PASSWORD), ("new_password", "short")];
    assert_eq!(browser.refused("POST", change, &short).await, "form_password_length_too_short");
    let other = Browser::new(&local, api);
    other.sign_in(ADA).await;
    let right = [
        ("current_password", PASSWORD),
        ("new_password", "another horse battery"),
        ("sign_out_of_other_sessions", "true"),
    ];
    browser.ok("POST", change, &right).await;
    assert!(other.session().await.is_null() && !browser.session().await.is_null());
    browser.ok("POST", "/v1/me/totp", &[]).await;
    let codes = browser.ok("POST", "/v1/me/backup_codes", &[]).await;
    assert_eq!(codes["codes"].as_array().unwrap().len(), 10);
    browser.ok("DELETE", "/v1/me/totp", &[]).await;
    let me = browser.ok("POST", "/v1/me/remove_password", &[("current_password", "another horse battery")]).await;
    assert_eq!(me["password_enabled"], false);
}

async fn sessions(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let browser = Browser::new(&local, api);
    browser.sign_up(ADA).await;
    let first = browser.session().await["id"].as_str().unwrap().to_owned();
    browser.sign_up("bea+clerk_test@example.com").await;
    let second = browser.session().await["id"].as_str().unwrap().to_owned();
    assert_ne!(first, second);
    let path = |id: &str, action: &str| format!("/v1/client/sessions/{id}{action}");
    browser.ok("GET", &path(&first, ""), &[]).await;
    browser.ok("POST", &path(&first, "/touch"), &[("active_organization_id", "")]).await;
    assert_eq!(browser.session().await["id"], first);
    // A browser cannot use the sessions of another browser.
    let other = Browser::new(&local, api);
    other.sign_in(ADA).await;
    for action in ["/touch", "/end", "/remove"] {
        assert_eq!(other.refused("POST", &path(&first, action), &[]).await, "resource_not_found");
    }
    assert_eq!(other.send("POST", &path(&first, "/tokens"), &[]).await.0, 401);
    let (_, active) = browser.send("GET", "/v1/me/sessions/active", &[]).await;
    assert_eq!(active.as_array().unwrap().len(), 2);
    assert!(active[0].get("last_active_token").is_none(), "only the session's own browser gets tokens");
    let (_, all) = browser.send("GET", "/v1/me/sessions", &[]).await;
    assert_eq!(all.as_array().unwrap().len(), 2);
    let theirs = other.session().await["id"].as_str().unwrap().to_owned();
    browser.ok("POST", &format!("/v1/me/sessions/{theirs}/revoke"), &[]).await;
    assert!(other.session().await.is_null());
    browser.ok("POST", &path(&first, "/end"), &[]).await;
    assert_eq!(browser.session().await["id"], second);
    browser.ok("POST", &path(&second, "/remove"), &[]).await;
    assert!(browser.session().await.is_null());
    browser.sign_in(ADA).await;
    browser.send("DELETE", "/v1/client", &[]).await;
    assert!(browser.session().await.is_null());
}

async fn reverification(api: &Conformance) {
    let clock = std::sync::Arc::new(ManualClock::new(clerk_core::time::SystemClock.now()));
    let local = LocalClerk::builder().clock(clock.clone()).start().await.unwrap();
    let browser = Browser::new(&local, api);
    browser.sign_up(ADA).await;
    clock.advance(Duration::from_secs(11 * 60));
    assert_eq!(browser.claims().await["fva"], json!([11, -1]));
    let form = [("email_address", "countess+clerk_test@example.com")];
    let refused = browser.refused("POST", "/v1/me/email_addresses", &form).await;
    assert_eq!(refused, "session_reverification_required");
    let path = format!("/v1/client/sessions/{}/verify", browser.session().await["id"].as_str().unwrap());
    let begun = browser.ok("POST", &path, &[("level", "second_factor")]).await;
    assert_eq!(begun["status"], "needs_first_factor", "there is no second factor");
    let attempt = format!("{path}/attempt_first_factor");
    let wrong = [("strategy", "password"), ("password", "wrong")];
    assert_eq!(browser.refused("POST", &attempt, &wrong).await, "form_password_incorrect");
    browser.ok("POST", &format!("{path}/prepare_first_factor"), &[("strategy", "email_code")]).await;
    let right = [("strategy", "email_code"), ("code", CODE)];
    assert_eq!(browser.ok("POST", &attempt, &right).await["status"], "complete");
    assert_eq!(browser.claims().await["fva"], json!([0, -1]));
    browser.ok("POST", "/v1/me/email_addresses", &form).await;

    let phone = browser.ok("POST", "/v1/me/phone_numbers", &[("phone_number", "+15555550100")]).await;
    let phone = format!("/v1/me/phone_numbers/{}", phone["id"].as_str().unwrap());
    browser.ok("POST", &format!("{phone}/prepare_verification"), &[("strategy", "phone_code")]).await;
    browser.ok("POST", &format!("{phone}/attempt_verification"), &[("code", CODE)]).await;
    browser.ok("PATCH", &phone, &[("reserved_for_second_factor", "true")]).await;
    clock.advance(Duration::from_secs(11 * 60));
    let begun = browser.ok("POST", &path, &[("level", "second_factor")]).await;
    assert_eq!(begun["status"], "needs_second_factor");
    browser.ok("POST", &format!("{path}/prepare_second_factor"), &[("strategy", "phone_code")]).await;
    let attempt = format!("{path}/attempt_second_factor");
    let wrong = [("strategy", "phone_code"), ("code", "1")];
    assert_eq!(browser.refused("POST", &attempt, &wrong).await, "form_code_incorrect");
    let right = [("strategy", "phone_code"), ("code", CODE)];
    assert_eq!(browser.ok("POST", &attempt, &right).await["status"], "complete");
    assert_eq!(browser.claims().await["fva"], json!([11, 0]));
}
