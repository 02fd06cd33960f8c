//! Sign-up flows.

use clerk_local::LocalClerk;
use clerk_tests::openapi::Conformance;

use super::{Browser, CODE, PASSWORD};

pub(crate) async fn flows(api: &Conformance) {
    with_an_email_code(api).await;
    with_a_phone_code(api).await;
    with_a_link(api).await;
    with_taken_identifiers(api).await;
    with_an_invitation(api).await;
}

async fn with_an_email_code(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let browser = Browser::new(&local, api);
    let form = [("email_address", "Ada@Example.com"), ("first_name", "Ada"), ("unsafe_metadata", r#"{"a":1}"#)];
    let begun = browser.ok("POST", "/v1/client/sign_ups", &form).await;
    assert_eq!(begun["status"], "missing_requirements");
    assert_eq!(begun["missing_fields"], serde_json::json!(["password"]));
    let verification = &begun["verifications"]["email_address"];
    assert!(verification["strategy"].is_null() && verification["next_action"] == "needs_prepare", "{verification}");
    let path = format!("/v1/client/sign_ups/{}", begun["id"].as_str().unwrap());
    assert_eq!(browser.refused("PATCH", &path, &[("password", "short")]).await, "form_password_length_too_short");
    browser.ok("PATCH", &path, &[("password", PASSWORD)]).await;
    let attempt = format!("{path}/attempt_verification");
    let wrong = [("strategy", "email_code"), ("code", "000000")];
    assert_eq!(browser.refused("POST", &attempt, &wrong).await, "verification_missing");
    browser.ok("POST", &format!("{path}/prepare_verification"), &[("strategy", "email_code")]).await;
    let code = local.last_code("ada@example.com").unwrap();
    let wrong = [("strategy", "email_code"), ("code", if code == "000000" { "000001" } else { "000000" })];
    assert_eq!(browser.refused("POST", &attempt, &wrong).await, "form_code_incorrect");
    let other = Browser::new(&local, api);
    let right = [("strategy", "email_code"), ("code", &*code)];
    assert_eq!(other.refused("POST", &attempt, &right).await, "resource_not_found", "another browser's sign-up");
    let done = browser.ok("POST", &attempt, &right).await;
    assert_eq!(done["status"], "complete");
    let user = local.user("ada@example.com").unwrap();
    assert_eq!(done["created_user_id"], user.id);
    assert_eq!((user.first_name.as_deref(), &user.unsafe_metadata["a"]), (Some("Ada"), &1.into()));
    assert_eq!(browser.claims().await["sub"], user.id);
    assert!(local.webhook_messages().iter().any(|message| message.event_type() == "user.created"));
}

async fn with_a_phone_code(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let browser = Browser::new(&local, api);
    let form = [("phone_number", "+1 (555) 555-0100"), ("password", PASSWORD)];
    let begun = browser.ok("POST", "/v1/client/sign_ups", &form).await;
    let path = format!("/v1/client/sign_ups/{}", begun["id"].as_str().unwrap());
    browser.ok("POST", &format!("{path}/prepare_verification"), &[("strategy", "phone_code")]).await;
    for _ in 0..3 {
        browser
            .refused("POST", &format!("{path}/attempt_verification"), &[("strategy", "phone_code"), ("code", "1")])
            .await;
    }
    let right = [("strategy", "phone_code"), ("code", CODE)];
    let attempt = format!("{path}/attempt_verification");
    assert_eq!(browser.refused("POST", &attempt, &right).await, "verification_failed", "after three attempts");
    browser.ok("POST", &format!("{path}/prepare_verification"), &[("strategy", "phone_code")]).await;
    assert_eq!(browser.ok("POST", &attempt, &right).await["status"], "complete");
}

async fn with_a_link(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let browser = Browser::new(&local, api);
    let form = [("email_address", "ada@example.com"), ("password", PASSWORD)];
    let begun = browser.ok("POST", "/v1/client/sign_ups", &form).await;
    let path = format!("/v1/client/sign_ups/{}", begun["id"].as_str().unwrap());
    let prepare = format!("{path}/prepare_verification");
    let evil = [("strategy", "email_link"), ("redirect_url", "http://evil.example/")];
    assert_eq!(browser.refused("POST", &prepare, &evil).await, "form_param_value_invalid");
    let form = [("strategy", "email_link"), ("redirect_url", "http://localhost:3000/verify")];
    browser.ok("POST", &prepare, &form).await;
    let link = local.last_link("ada@example.com").unwrap();
    // The address changes before the link is opened: the link does not verify the new address.
    browser.ok("PATCH", &path, &[("email_address", "eve@example.com")]).await;
    browser.ok("POST", &prepare, &form).await;
    let (_, location) = browser.follow(&link).await;
    assert!(location.starts_with("http://localhost:3000/verify?__clerk_status=failed"), "{location}");
    let link = local.last_link("eve@example.com").unwrap();
    let (status, location) = browser.follow(&link).await;
    assert!(status == 303 && location.contains("__clerk_status=verified") && location.contains("__clerk_db_jwt="));
    assert_eq!(browser.follow(&link).await.0, 400, "a link is valid once");
    assert_eq!(browser.ok("GET", &path, &[]).await["status"], "complete");
    assert_eq!(browser.session().await["user"]["email_addresses"][0]["email_address"], "eve@example.com");
}

async fn with_taken_identifiers(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let browser = Browser::new(&local, api);
    for (field, value, code) in [
        ("email_address", "ALICE@example.com", "form_identifier_exists"),
        ("email_address", "alice", "form_param_format_invalid"),
        ("phone_number", "12", "form_param_format_invalid"),
        ("username", "alice", "form_identifier_exists"),
        ("username", "a b c d", "form_username_invalid_character"),
        ("username", "abc", "form_username_invalid_length"),
    ] {
        assert_eq!(browser.refused("POST", "/v1/client/sign_ups", &[(field, value)]).await, code, "{value}");
    }
    // Two browsers sign up with the same address: the first one to verify it gets it.
    let other = Browser::new(&local, api);
    let form = [("email_address", "new+clerk_test@example.com"), ("password", PASSWORD)];
    let begun = other.ok("POST", "/v1/client/sign_ups", &form).await;
    let path = format!("/v1/client/sign_ups/{}", begun["id"].as_str().unwrap());
    other.ok("POST", &format!("{path}/prepare_verification"), &[("strategy", "email_code")]).await;
    browser.sign_up("new+clerk_test@example.com").await;
    let right = [("strategy", "email_code"), ("code", CODE)];
    let late = other.refused("POST", &format!("{path}/attempt_verification"), &right).await;
    assert_eq!(late, "form_identifier_exists");
}

async fn with_an_invitation(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let browser = Browser::new(&local, api);
    let admin = Browser::new(&local, api);
    admin.sign_up("admin+clerk_test@example.com").await;
    let organization = admin.ok("POST", "/v1/organizations", &[("name", "Engines")]).await;
    let path = format!("/v1/organizations/{}/invitations", organization["id"].as_str().unwrap());
    admin.ok("POST", &path, &[("email_address", "ada@example.com"), ("role", "org:member")]).await;
    let (status, location) = browser.follow(&local.last_link("ada@example.com").unwrap()).await;
    assert!(status == 303 && location.contains("__clerk_status=sign_up"), "{location}");
    let url = url::Url::parse(&location).unwrap();
    let ticket = url.query_pairs().find(|(name, _)| name == "__clerk_ticket").unwrap().1.into_owned();
    let form = [("strategy", "ticket"), ("ticket", &*ticket), ("password", PASSWORD)];
    assert_eq!(browser.ok("POST", "/v1/client/sign_ups", &form).await["status"], "complete");
    assert_eq!(local.memberships("ada@example.com")[0].role, "org:member");
    let again = browser.refused("POST", "/v1/client/sign_ups", &form).await;
    assert_eq!(again, "ticket_invalid", "a ticket is valid once");
}
