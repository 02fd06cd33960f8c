//! Session tasks: a session is pending until its user has done what the instance wants.

use std::sync::Arc;

use clerk_core::time::{Clock, ManualClock, Timestamp};
use clerk_local::{LocalClerk, totp_code};
use clerk_tests::openapi::Conformance;
use serde_json::{Value, json};

use super::{Browser, CODE, PASSWORD};

const ADA: &str = "ada+clerk_test@example.com";
const NEW_PASSWORD: &str = "another horse battery";

pub(crate) async fn flows(api: &Conformance) {
    choose_an_organization(api).await;
    reset_a_compromised_password(api).await;
    set_up_a_second_factor(api).await;
    set_up_a_phone(api).await;
    do_one_task_after_another(api).await;
}

/// The status of the browser's session, and what is left to do; its token and the Backend API must agree.
async fn state(local: &LocalClerk, browser: &Browser<'_>) -> (String, Vec<String>) {
    let session = browser.session().await;
    let status = session["status"].as_str().unwrap().to_owned();
    assert_eq!(browser.claims().await["sts"], *status);
    let url = format!("{}/v1/sessions/{}", local.backend_api_url(), session["id"].as_str().unwrap());
    let answer = reqwest::Client::new().get(url).bearer_auth(local.secret_key().expose()).send().await.unwrap();
    let same: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert_eq!((&same["status"], &same["tasks"]), (&session["status"], &session["tasks"]), "{same}");
    let tasks = session["tasks"].as_array().cloned().unwrap_or_default();
    (status, tasks.iter().map(|task| task["key"].as_str().unwrap().to_owned()).collect())
}

async fn assert_pending(local: &LocalClerk, browser: &Browser<'_>, tasks: &[&str]) {
    let tasks = tasks.iter().map(|&task| task.to_owned()).collect();
    assert_eq!(state(local, browser).await, ("pending".to_owned(), tasks));
}

async fn assert_active(local: &LocalClerk, browser: &Browser<'_>) {
    assert_eq!(state(local, browser).await, ("active".to_owned(), Vec::new()));
}

async fn set_compromised(local: &LocalClerk, user: &str) {
    let url = format!("{}/v1/users/{user}/password/set_compromised", local.backend_api_url());
    let request = reqwest::Client::new().post(url).bearer_auth(local.secret_key().expose());
    assert_eq!(request.send().await.unwrap().status(), 200);
}

/// Signs in by a code by e-mail.
async fn sign_in_by_code(browser: &Browser<'_>) {
    let begun = browser.ok("POST", "/v1/client/sign_ins", &[("strategy", "email_code"), ("identifier", ADA)]).await;
    let path = format!("/v1/client/sign_ins/{}/attempt_first_factor", begun["id"].as_str().unwrap());
    let done = browser.ok("POST", &path, &[("strategy", "email_code"), ("code", CODE)]).await;
    assert_eq!(done["status"], "complete", "{done}");
}

async fn choose_an_organization(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let browser = Browser::new(&local, api);
    let mut settings = local.settings();
    settings.force_organization_selection = true;
    local.set_settings(settings);
    let ada = browser.sign_up(ADA).await;
    assert_pending(&local, &browser, &["choose-organization"]).await;
    local.create_organization("engines", "Engines");
    local.add_member(&ada, "engines", "org:member", &[]).unwrap();
    let touch = format!("/v1/client/sessions/{}/touch", browser.session().await["id"].as_str().unwrap());
    let touched = browser.ok("POST", &touch, &[("active_organization_id", "engines")]).await;
    assert_eq!(touched["status"], "active");
    assert_active(&local, &browser).await;
    browser.ok("POST", &touch, &[("active_organization_id", "")]).await;
    assert_pending(&local, &browser, &["choose-organization"]).await;
}

async fn reset_a_compromised_password(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let (browser, other) = (Browser::new(&local, api), Browser::new(&local, api));
    let ada = browser.sign_up(ADA).await;
    other.sign_in(ADA).await;
    browser.sign_out().await;
    set_compromised(&local, &ada).await;
    assert_active(&local, &other).await; // only the next sign-in asks for another password

    let by_password = [("strategy", "password"), ("identifier", ADA), ("password", PASSWORD)];
    assert_eq!(browser.refused("POST", "/v1/client/sign_ins", &by_password).await, "form_password_compromised");
    sign_in_by_code(&browser).await;
    assert_pending(&local, &browser, &["reset-password"]).await;
    let change =
        async |password| browser.refused("POST", "/v1/me/change_password", &[("new_password", password)]).await;
    assert_eq!(change(PASSWORD).await, "form_new_password_matches_current");
    assert_pending(&local, &browser, &["reset-password"]).await;
    let form = [("new_password", NEW_PASSWORD), ("sign_out_of_other_sessions", "true")];
    browser.ok("POST", "/v1/me/change_password", &form).await;
    assert_active(&local, &browser).await;
    assert!(other.session().await.is_null());

    // The forgotten password is replaced before there is a session.
    set_compromised(&local, &ada).await;
    browser.sign_out().await;
    let strategy = ("strategy", "reset_password_email_code");
    let begun = browser.ok("POST", "/v1/client/sign_ins", &[strategy, ("identifier", ADA)]).await;
    let path = format!("/v1/client/sign_ins/{}", begun["id"].as_str().unwrap());
    browser.ok("POST", &format!("{path}/attempt_first_factor"), &[strategy, ("code", CODE)]).await;
    browser.ok("POST", &format!("{path}/reset_password"), &[("password", PASSWORD)]).await;
    assert_active(&local, &browser).await;
}

async fn set_up_a_second_factor(api: &Conformance) {
    let clock = Arc::new(ManualClock::new(Timestamp::from_unix_seconds(1_800_000_000)));
    let local = LocalClerk::builder().clock(clock.clone()).start().await.unwrap();
    let browser = Browser::new(&local, api);
    let required = async || {
        let (_, environment) = browser.send("GET", "/v1/environment", &[]).await;
        environment["user_settings"]["sign_in"]["second_factor"]["required"].clone()
    };
    assert_eq!(required().await, false);
    let mut settings = local.settings();
    settings.require_multi_factor = true;
    local.set_settings(settings);
    assert_eq!(required().await, true);
    browser.sign_up(ADA).await;
    assert_pending(&local, &browser, &["setup-mfa"]).await;
    let totp = browser.ok("POST", "/v1/me/totp", &[]).await;
    assert_pending(&local, &browser, &["setup-mfa"]).await;
    let code = totp_code(totp["secret"].as_str().unwrap(), clock.now()).unwrap();
    browser.ok("POST", "/v1/me/totp/attempt_verification", &[("code", &code)]).await;
    assert_active(&local, &browser).await;
}

async fn set_up_a_phone(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let browser = Browser::new(&local, api);
    let mut settings = local.settings();
    settings.require_multi_factor = true;
    local.set_settings(settings);
    browser.sign_up(ADA).await;
    let phone = browser.ok("POST", "/v1/me/phone_numbers", &[("phone_number", "+15555550100")]).await;
    let phone = format!("/v1/me/phone_numbers/{}", phone["id"].as_str().unwrap());
    browser.ok("POST", &format!("{phone}/prepare_verification"), &[("strategy", "phone_code")]).await;
    browser.ok("POST", &format!("{phone}/attempt_verification"), &[("code", CODE)]).await;
    assert_pending(&local, &browser, &["setup-mfa"]).await;
    let reserved = browser.ok("PATCH", &phone, &[("reserved_for_second_factor", "true")]).await;
    assert!(!reserved["backup_codes"].as_array().unwrap().is_empty(), "{reserved}");
    assert!(browser.ok("GET", &phone, &[]).await["backup_codes"].is_null(), "shown once");
    assert_active(&local, &browser).await;
}

async fn do_one_task_after_another(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let browser = Browser::new(&local, api);
    let ada = browser.sign_up(ADA).await;
    browser.sign_out().await;
    set_compromised(&local, &ada).await;
    let mut settings = local.settings();
    (settings.require_multi_factor, settings.force_organization_selection) = (true, true);
    local.set_settings(settings);
    sign_in_by_code(&browser).await;
    assert_pending(&local, &browser, &["reset-password", "setup-mfa", "choose-organization"]).await;
    browser.ok("POST", "/v1/me/change_password", &[("new_password", NEW_PASSWORD)]).await;
    assert_pending(&local, &browser, &["setup-mfa", "choose-organization"]).await;
    let made = browser.ok("POST", "/v1/organizations", &[("name", "Engines")]).await;
    let touch = format!("/v1/client/sessions/{}/touch", browser.session().await["id"].as_str().unwrap());
    browser.ok("POST", &touch, &[("active_organization_id", made["id"].as_str().unwrap())]).await;
    assert_pending(&local, &browser, &["setup-mfa"]).await;

    // Neither the password nor a second factor is an impersonator's business.
    set_compromised(&local, &ada).await;
    let url = format!("{}/v1/actor_tokens", local.backend_api_url());
    let body = json!({"user_id": ada, "actor": {"sub": local.user("bob").unwrap().id}, "expires_in_seconds": 600});
    let request = reqwest::Client::new().post(url).bearer_auth(local.secret_key().expose());
    let request = request.header("content-type", "application/json").body(body.to_string());
    let token: Value = serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap();
    let visitor = Browser::new(&local, api);
    let form = [("strategy", "ticket"), ("ticket", token["token"].as_str().unwrap())];
    assert_eq!(visitor.ok("POST", "/v1/client/sign_ins", &form).await["status"], "complete");
    assert_active(&local, &visitor).await;
}
