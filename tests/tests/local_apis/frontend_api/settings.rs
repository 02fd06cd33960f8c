//! Effects of the instance's settings in browsers.

use clerk_local::{AttributeUse, LocalClerk, Settings};
use clerk_tests::openapi::Conformance;
use serde_json::{Value, json};

use super::{Browser, PASSWORD};

pub(crate) async fn flows(api: &Conformance) {
    organizations(api).await;
    users(api).await;
    oauth().await;
    origins().await;
    attributes(api).await;
    disabled_attributes(api).await;
    reverification(api).await;
    client_trust(api).await;
}

async fn set(local: &LocalClerk, path: &str, body: Value) {
    let url = format!("{}/v1{path}", local.backend_api_url());
    let request = reqwest::Client::new().patch(url).bearer_auth(local.secret_key().expose());
    let answer = request.header("content-type", "application/json").body(body.to_string()).send().await.unwrap();
    assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
}

async fn organizations(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let browser = Browser::new(&local, api);
    browser.sign_up("ada+clerk_test@example.com").await;
    let settings = "/instance/organization_settings";
    set(&local, settings, json!({"max_allowed_memberships": 2, "admin_delete_enabled": false})).await;
    let made = browser.ok("POST", "/v1/organizations", &[("name", "Engines")]).await;
    assert_eq!(made["max_allowed_memberships"], 2);
    let path = format!("/v1/organizations/{}", made["id"].as_str().unwrap());
    let not_enabled = "organization_admin_delete_not_enabled";
    assert_eq!(browser.refused("DELETE", &path, &[]).await, not_enabled);
    let environment = browser.send("GET", "/v1/environment", &[]).await.1["organization_settings"].clone();
    assert_eq!(
        (&environment["max_allowed_memberships"], &environment["actions"]["admin_delete"]),
        (&json!(2), &json!(false))
    );

    set(&local, settings, json!({"enabled": false})).await;
    let off = "organization_not_enabled_in_instance";
    assert_eq!(browser.refused("POST", "/v1/organizations", &[("name", "Other")]).await, off);
    assert_eq!(browser.refused("GET", &path, &[]).await, off);
    let backend = reqwest::Client::new().get(format!("{}/v1/organizations", local.backend_api_url()));
    let answer = backend.bearer_auth(local.secret_key().expose()).send().await.unwrap();
    assert!(answer.status() == 403 && answer.text().await.unwrap().contains(off));
    set(&local, settings, json!({"enabled": true, "admin_delete_enabled": true})).await;
    browser.ok("DELETE", &path, &[]).await;
}

async fn users(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let browser = Browser::new(&local, api);
    let path = format!("/users/{}", browser.sign_up("ada+clerk_test@example.com").await);
    set(&local, &path, json!({"create_organizations_limit": 1, "delete_self_enabled": false})).await;
    browser.ok("POST", "/v1/organizations", &[("name", "One")]).await;
    let no = "authorization_invalid";
    assert_eq!(browser.refused("POST", "/v1/organizations", &[("name", "Two")]).await, no);
    set(&local, &path, json!({"create_organizations_limit": 0, "create_organization_enabled": false})).await;
    assert_eq!(browser.refused("POST", "/v1/organizations", &[("name", "Two")]).await, no);
    set(&local, &path, json!({"create_organization_enabled": true})).await;
    browser.ok("POST", "/v1/organizations", &[("name", "Two")]).await;
    assert_eq!(browser.refused("DELETE", "/v1/me", &[]).await, no);
    set(&local, &path, json!({"delete_self_enabled": true})).await;
    browser.ok("DELETE", "/v1/me", &[]).await;
}

async fn oauth() {
    let local = LocalClerk::start().await.unwrap();
    let http = reqwest::Client::new();
    let url = |path: &str| format!("{}{path}", local.frontend_api_url());
    let metadata = async || -> Value {
        let answer = http.get(url("/.well-known/oauth-authorization-server")).send().await.unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    };
    let register = async || {
        let body = json!({"redirect_uris": ["http://localhost:7777/"]}).to_string();
        let request = http.post(url("/oauth/register")).header("content-type", "application/json").body(body);
        request.send().await.unwrap().status().as_u16()
    };
    assert!(metadata().await["registration_endpoint"].is_string() && register().await == 201);
    let off = json!({"dynamic_oauth_client_registration": false});
    set(&local, "/instance/oauth_application_settings", off).await;
    assert!(metadata().await["registration_endpoint"].is_null() && register().await == 422);
}

async fn origins() {
    let local = LocalClerk::start().await.unwrap();
    let origin = "capacitor://app.example";
    let allowed = async |origin: &str| {
        let request = reqwest::Client::new().get(format!("{}/v1/environment", local.frontend_api_url()));
        let answer = request.header("origin", origin).send().await.unwrap();
        answer.headers().get("access-control-allow-origin").is_some_and(|value| value == origin)
            && answer.status() == 200
    };
    assert!(!allowed(origin).await);
    set(&local, "/instance", json!({"allowed_origins": [origin]})).await;
    assert!(allowed(origin).await && !allowed("capacitor://other.example").await);
}

async fn attributes(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let mut settings = local.settings();
    (settings.phone_number, settings.first_name) = (AttributeUse::Disabled, AttributeUse::Required);
    (settings.password, settings.legal_consent) = (AttributeUse::Optional, true);
    local.set_settings(settings);
    let browser = Browser::new(&local, api);
    let environment = browser.send("GET", "/v1/environment", &[]).await.1;
    let attributes = &environment["user_settings"]["attributes"];
    assert_eq!(
        (&attributes["phone_number"]["enabled"], &attributes["first_name"]["required"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(environment["auth_config"]["phone_number"], "off");
    assert_eq!(environment["user_settings"]["sign_up"]["legal_consent_enabled"], true);
    let number = [("phone_number", "+15555550100")];
    assert_eq!(browser.refused("POST", "/v1/client/sign_ups", &number).await, "form_param_unknown");
    let begun = browser.ok("POST", "/v1/client/sign_ups", &[("email_address", "ada+clerk_test@example.com")]).await;
    assert_eq!(begun["required_fields"], json!(["first_name", "legal_accepted"]));
    assert_eq!(begun["missing_fields"], json!(["first_name", "legal_accepted"]));
    assert_eq!(begun["optional_fields"], json!(["email_address", "username", "last_name", "password"]));
    let path = format!("/v1/client/sign_ups/{}", begun["id"].as_str().unwrap());
    browser.ok("POST", &format!("{path}/prepare_verification"), &[("strategy", "email_code")]).await;
    let proof = [("strategy", "email_code"), ("code", super::CODE)];
    let proved = browser.ok("POST", &format!("{path}/attempt_verification"), &proof).await;
    assert_eq!(proved["status"], "missing_requirements", "{proved}");
    let named = browser.ok("PATCH", &path, &[("first_name", "Ada"), ("password", PASSWORD)]).await;
    assert_eq!(
        (&named["status"], &named["missing_fields"]),
        (&json!("missing_requirements"), &json!(["legal_accepted"]))
    );
    let done = browser.ok("PATCH", &path, &[("legal_accepted", "true")]).await;
    assert_eq!(done["status"], "complete", "{done}");
    assert!(local.user("ada+clerk_test@example.com").unwrap().legal_accepted_at.is_some());
}

async fn disabled_attributes(api: &Conformance) {
    const ADDRESS: &str = "ada+clerk_test@example.com";
    const NUMBER: &str = "+15555550100";
    const LINK: [(&str, &str); 2] = [("strategy", "email_link"), ("redirect_url", "http://localhost:3000/")];
    let local = LocalClerk::start().await.unwrap();
    let signed_in = Browser::new(&local, api);
    signed_in.sign_up(ADDRESS).await;
    signed_in.ok("PATCH", "/v1/me", &[("username", "ada_l")]).await;
    let phone = signed_in.ok("POST", "/v1/me/phone_numbers", &[("phone_number", NUMBER)]).await;
    let phone = format!("/v1/me/phone_numbers/{}", phone["id"].as_str().unwrap());
    signed_in.ok("POST", &format!("{phone}/prepare_verification"), &[("strategy", "phone_code")]).await;
    signed_in.ok("POST", &format!("{phone}/attempt_verification"), &[("code", super::CODE)]).await;
    let all = local.settings();
    let disable = |change: fn(&mut Settings)| {
        let mut settings = all.clone();
        change(&mut settings);
        local.set_settings(settings);
    };
    let (browser, sign_ins) = (Browser::new(&local, api), "/v1/client/sign_ins");
    let begin = async |identifier| browser.ok("POST", sign_ins, &[("identifier", identifier)]).await;
    let strategies = |sign_in: &Value| {
        let factors = sign_in["supported_first_factors"].as_array().unwrap().iter();
        factors.map(|one| one["strategy"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let created = async |body: Value| {
        let request = reqwest::Client::new().post(format!("{}/v1/users", local.backend_api_url()));
        let request = request.bearer_auth(local.secret_key().expose()).header("content-type", "application/json");
        let answer = request.body(body.to_string()).send().await.unwrap();
        let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        let error = &answer["errors"][0];
        (error["code"].as_str().map(str::to_owned), error["meta"]["param_name"].as_str().map(str::to_owned))
    };
    let unknown = |name: &str| (Some("form_param_unknown".to_owned()), Some(name.to_owned()));

    let by_all = ["password", "email_code", "phone_code", "email_link", "reset_password_email_code"];
    assert_eq!(strategies(&begin(ADDRESS).await), by_all);

    disable(|settings| settings.phone_number = AttributeUse::Disabled);
    assert_eq!(browser.refused("POST", sign_ins, &[("identifier", NUMBER)]).await, "form_identifier_not_found");
    let by_phone = [("identifier", ADDRESS), ("strategy", "phone_code")];
    assert_eq!(browser.refused("POST", sign_ins, &by_phone).await, "form_param_value_invalid");
    let begun = begin(ADDRESS).await;
    assert_eq!(begun["supported_identifiers"], json!(["email_address", "username"]));
    assert_eq!(strategies(&begun), ["password", "email_code", "email_link", "reset_password_email_code"]);
    let path = format!("{sign_ins}/{}/prepare_first_factor", begun["id"].as_str().unwrap());
    assert_eq!(browser.refused("POST", &path, &[("strategy", "phone_code")]).await, "form_param_value_invalid");
    let another = [("phone_number", "+15555550101")];
    assert_eq!(signed_in.refused("POST", "/v1/me/phone_numbers", &another).await, "form_param_unknown");
    assert_eq!(created(json!({"username": "bo_ok", "phone_number": ["+15555550102"]})).await, unknown("phone_number"));
    let either = [("email_address_or_phone_number", "+15555550103")];
    assert_eq!(browser.refused("POST", "/v1/client/sign_ups", &either).await, "form_param_unknown");

    disable(|settings| settings.email_address = AttributeUse::Disabled);
    assert_eq!(browser.refused("POST", sign_ins, &[("identifier", ADDRESS)]).await, "form_identifier_not_found");
    let begun = begin("ada_l").await;
    assert_eq!(strategies(&begun), ["password", "phone_code"]);
    let path = format!("{sign_ins}/{}/prepare_first_factor", begun["id"].as_str().unwrap());
    assert_eq!(browser.refused("POST", &path, &LINK).await, "form_param_value_invalid");
    let another = [("email_address", "ada+clerk_test@example.org")];
    assert_eq!(signed_in.refused("POST", "/v1/me/email_addresses", &another).await, "form_param_unknown");
    let environment = browser.send("GET", "/v1/environment", &[]).await.1["auth_config"].clone();
    assert_eq!(environment["identification_strategies"], json!(["phone_number", "username"]));
    let factors = json!(["password", "phone_code", "ticket", "oauth_google", "oauth_github"]);
    assert_eq!(environment["first_factors"], factors);
    // The address of an enterprise connection leads to its provider.
    let company = browser.ok("POST", sign_ins, &[("identifier", "ada@acme.test")]).await;
    assert_eq!(strategies(&company), ["enterprise_sso"]);

    disable(|settings| settings.username = AttributeUse::Disabled);
    assert_eq!(browser.refused("POST", sign_ins, &[("identifier", "ada_l")]).await, "form_identifier_not_found");
    assert_eq!(signed_in.refused("PATCH", "/v1/me", &[("username", "countess")]).await, "form_param_unknown");
    signed_in.ok("PATCH", "/v1/me", &[("first_name", "Ada")]).await;
    assert_eq!(begin(ADDRESS).await["status"], "needs_first_factor");

    disable(|settings| settings.password = AttributeUse::Disabled);
    let form = [("identifier", ADDRESS), ("password", PASSWORD)];
    assert_eq!(browser.refused("POST", sign_ins, &form).await, "form_param_unknown");
    let begun = begin(ADDRESS).await;
    assert_eq!(strategies(&begun), ["email_code", "phone_code", "email_link"]);
    let path = format!("{sign_ins}/{}", begun["id"].as_str().unwrap());
    let form = [("strategy", "password"), ("password", PASSWORD)];
    let attempt = format!("{path}/attempt_first_factor");
    assert_eq!(browser.refused("POST", &attempt, &form).await, "form_param_value_invalid");
    let forgotten = [("strategy", "reset_password_email_code")];
    let prepare = format!("{path}/prepare_first_factor");
    assert_eq!(browser.refused("POST", &prepare, &forgotten).await, "form_param_value_invalid");
    let new = [("new_password", "another horse battery")];
    assert_eq!(signed_in.refused("POST", "/v1/me/change_password", &new).await, "form_param_unknown");
    let session = format!("/v1/client/sessions/{}/verify", signed_in.session().await["id"].as_str().unwrap());
    let begun = signed_in.ok("POST", &session, &[("level", "first_factor")]).await;
    assert_eq!(strategies(&begun), ["email_code", "phone_code"]);
    let verify = format!("{session}/attempt_first_factor");
    assert_eq!(signed_in.refused("POST", &verify, &form).await, "form_param_value_invalid");

    local.set_settings(all.clone());
    assert_eq!(browser.sign_in(NUMBER).await["status"], "complete");
    assert_eq!(created(json!({"username": "bo_ok", "phone_number": ["+15555550102"]})).await, (None, None));
}

async fn reverification(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let browser = Browser::new(&local, api);
    browser.sign_up("ada+clerk_test@example.com").await;
    local.advance(std::time::Duration::from_secs(11 * 60));
    assert_eq!(browser.refused("POST", "/v1/me/totp", &[]).await, "session_reverification_required");
    let mut settings = local.settings();
    settings.reverification = false;
    local.set_settings(settings);
    browser.ok("POST", "/v1/me/totp", &[]).await;
}

async fn client_trust(api: &Conformance) {
    const ADA: &str = "ada+clerk_test@example.com";
    let local = LocalClerk::start().await.unwrap();
    let known = Browser::new(&local, api);
    let ada = known.sign_up(ADA).await;
    known.sign_out().await;
    let mut settings = local.settings();
    settings.client_trust = true;
    local.set_settings(settings);
    assert_eq!(known.sign_in(ADA).await["status"], "complete", "she had a session here");

    let new = Browser::new(&local, api);
    let begun = new.sign_in(ADA).await;
    assert_eq!((&begun["status"], &begun["client_trust_state"]), (&json!("needs_client_trust"), &json!("new")));
    let factors = begun["supported_second_factors"].as_array().unwrap();
    assert_eq!(factors.iter().map(|one| &one["strategy"]).collect::<Vec<_>>(), ["email_code"]);
    let path = format!("/v1/client/sign_ins/{}", begun["id"].as_str().unwrap());
    new.ok("POST", &format!("{path}/prepare_second_factor"), &[("strategy", "email_code")]).await;
    let attempt = format!("{path}/attempt_second_factor");
    let wrong = [("strategy", "email_code"), ("code", "000000")];
    assert_eq!(new.refused("POST", &attempt, &wrong).await, "form_code_incorrect");
    let done = new.ok("POST", &attempt, &[("strategy", "email_code"), ("code", super::CODE)]).await;
    assert_eq!(done["status"], "complete", "{done}");
    assert_eq!(new.claims().await["fva"], json!([0, -1]), "the code is no second factor");

    set(&local, &format!("/users/{ada}"), json!({"bypass_client_trust": true})).await;
    assert_eq!(Browser::new(&local, api).sign_in(ADA).await["status"], "complete");
}
