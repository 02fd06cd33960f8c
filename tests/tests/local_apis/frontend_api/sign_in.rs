//! Sign-in flows.

use std::{sync::Arc, time::Duration};

use clerk_core::time::{Clock, ManualClock, Timestamp};
use clerk_local::{LocalClerk, totp_code};
use clerk_tests::openapi::Conformance;
use serde_json::{Value, json};

use super::{Browser, CODE, PASSWORD};

const ADA: &str = "ada+clerk_test@example.com";

pub(crate) async fn flows(api: &Conformance) {
    with_a_password(api).await;
    after_a_lock(api).await;
    with_codes(api).await;
    with_a_second_factor(api).await;
    with_a_new_password(api).await;
    with_a_compromised_password(api).await;
    at_a_provider(api).await;
    with_a_token_of_a_backend(api).await;
}

async fn with_a_password(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let browser = Browser::new(&local, api);
    let user = browser.sign_up(ADA).await;
    let cookie = browser.cookie("__client").unwrap();
    let form = [("strategy", "password"), ("identifier", ADA), ("password", PASSWORD)];
    let twice = browser.refused("POST", "/v1/client/sign_ins", &form).await;
    assert_eq!(twice, "identifier_already_signed_in");
    browser.sign_out().await;
    assert!(browser.session().await.is_null());
    let unknown = [("identifier", "unknown@example.com")];
    assert_eq!(browser.refused("POST", "/v1/client/sign_ins", &unknown).await, "form_identifier_not_found");
    let wrong = [("identifier", ADA), ("password", "wrong")];
    assert_eq!(browser.refused("POST", "/v1/client/sign_ins", &wrong).await, "form_password_incorrect");
    let done = browser.sign_in(ADA).await;
    assert_eq!(done["status"], "complete");
    assert_ne!(browser.cookie("__client").unwrap(), cookie, "a sign-in replaces the cookie");
    let claims = browser.claims().await;
    assert_eq!((&claims["sub"], &claims["azp"]), (&json!(user), &json!("http://localhost:3000")));
    assert_eq!(claims["sid"], done["created_session_id"]);

    local.ban_user(ADA).unwrap();
    assert!(browser.session().await.is_null());
    assert_eq!(browser.refused("POST", "/v1/client/sign_ins", &[("identifier", ADA)]).await, "user_banned");
    local.unban_user(ADA).unwrap();
    for _ in 0..9 {
        browser.refused("POST", "/v1/client/sign_ins", &wrong).await;
    }
    assert_eq!(browser.refused("POST", "/v1/client/sign_ins", &wrong).await, "user_locked", "too many wrong passwords");
    assert_eq!(browser.refused("POST", "/v1/client/sign_ins", &form).await, "user_locked");
}

async fn after_a_lock(api: &Conformance) {
    let clock = Arc::new(ManualClock::new(Timestamp::from_unix_seconds(1_800_000_000)));
    let local = LocalClerk::builder().clock(clock.clone()).start().await.unwrap();
    let browser = Browser::new(&local, api);
    let ada = browser.sign_up(ADA).await;
    browser.sign_out().await;
    let mut settings = local.settings();
    settings.max_failed_attempts = 3;
    local.set_settings(settings.clone());
    let try_password = async |password: &str| {
        let form = [("strategy", "password"), ("identifier", ADA), ("password", password)];
        let body = browser.send("POST", "/v1/client/sign_ins", &form).await.1;
        let error = &body["errors"][0];
        let left = error["meta"]["lockout_expires_in_seconds"].as_u64();
        (error["code"].as_str().unwrap_or("complete").to_owned(), left, error["long_message"].clone())
    };
    let lockout = async || {
        let url = format!("{}/v1/users/{ada}", local.backend_api_url());
        let answer = reqwest::Client::new().get(url).bearer_auth(local.secret_key().expose()).send().await.unwrap();
        let user: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        let [seconds, left] = ["lockout_expires_in_seconds", "verification_attempts_remaining"].map(|key| &user[key]);
        (user["locked"].as_bool().unwrap(), seconds.as_u64(), left.as_u64().unwrap())
    };
    let locked_for = |seconds| ("user_locked".to_owned(), Some(seconds));
    assert_eq!(lockout().await, (false, None, 3));
    for left in [2, 1] {
        assert_eq!(try_password("wrong").await.0, "form_password_incorrect");
        assert_eq!(lockout().await, (false, None, left));
    }
    let (code, left, message) = try_password("wrong").await;
    assert_eq!((code, left), locked_for(3600));
    assert!(message.as_str().unwrap().contains("in 60 minutes"), "{message}");
    assert_eq!(lockout().await, (true, Some(3600), 0));

    clock.advance(Duration::from_millis(3_599_001));
    let (code, left, message) = try_password(PASSWORD).await;
    assert_eq!((code, left), locked_for(1));
    assert!(message.as_str().unwrap().contains("in 1 minute."), "{message}");
    assert!(local.user(&ada).unwrap().locked);
    clock.advance(Duration::from_millis(999));
    assert_eq!(lockout().await, (false, None, 3));
    assert!(!local.user(&ada).unwrap().locked);
    for _ in 0..2 {
        assert_eq!(try_password("wrong").await.0, "form_password_incorrect", "all attempts are there again");
    }
    assert_eq!(lockout().await, (false, None, 1));
    assert_eq!(try_password(PASSWORD).await.0, "complete");
    assert_eq!(lockout().await, (false, None, 3));
    browser.sign_out().await;

    // A lock by a backend ends, too, unless the settings say otherwise.
    local.lock_user(&ada).unwrap();
    assert_eq!(lockout().await, (true, Some(3600), 3));
    settings.lockout_minutes = 0;
    local.set_settings(settings);
    local.lock_user(&ada).unwrap();
    clock.advance(Duration::from_secs(365 * 24 * 60 * 60));
    let (code, left, message) = try_password(PASSWORD).await;
    assert_eq!((code.as_str(), left), ("user_locked", None));
    assert!(message.as_str().unwrap().contains("administrator"), "{message}");
    assert_eq!(lockout().await, (true, None, 3));
    local.unlock_user(&ada).unwrap();
    assert_eq!(try_password(PASSWORD).await.0, "complete");
}

async fn with_codes(api: &Conformance) {
    let clock = std::sync::Arc::new(ManualClock::new(clerk_core::time::SystemClock.now()));
    let local = LocalClerk::builder().clock(clock.clone()).start().await.unwrap();
    let browser = Browser::new(&local, api);
    browser.sign_up(ADA).await;
    browser.sign_out().await;
    let begun = browser.ok("POST", "/v1/client/sign_ins", &[("identifier", ADA)]).await;
    assert_eq!(begun["status"], "needs_first_factor");
    let path = format!("/v1/client/sign_ins/{}", begun["id"].as_str().unwrap());
    let factors = begun["supported_first_factors"].as_array().unwrap();
    let strategies: Vec<_> = factors.iter().map(|factor| factor["strategy"].as_str().unwrap()).collect();
    assert_eq!(strategies, ["password", "email_code", "email_link", "reset_password_email_code"]);
    let (prepare, attempt) = (format!("{path}/prepare_first_factor"), format!("{path}/attempt_first_factor"));
    assert_eq!(browser.refused("POST", &prepare, &[("strategy", "phone_code")]).await, "strategy_for_user_invalid");
    browser.ok("POST", &prepare, &[("strategy", "email_code")]).await;
    clock.advance(Duration::from_secs(601));
    let right = [("strategy", "email_code"), ("code", CODE)];
    assert_eq!(browser.refused("POST", &attempt, &right).await, "verification_expired");
    browser.ok("POST", &prepare, &[("strategy", "email_code")]).await;
    let done = browser.ok("POST", &attempt, &right).await;
    assert_eq!(done["status"], "complete");
    assert_eq!(browser.ok("GET", &path, &[]).await["created_session_id"], done["created_session_id"]);
    assert_eq!(browser.refused("POST", &attempt, &right).await, "sign_in_status_invalid", "a code is valid once");

    // A link that is opened in another browser signs in the browser that asked for it.
    browser.sign_out().await;
    let waiting = Browser::new(&local, api);
    let (_, made) = waiting.send("POST", "/v1/dev_browser", &[]).await;
    let begun = waiting.ok("POST", "/v1/client/sign_ins", &[("identifier", ADA)]).await;
    let path = format!("/v1/client/sign_ins/{}", begun["id"].as_str().unwrap());
    let link = [("strategy", "email_link"), ("redirect_url", "http://localhost:3000/verify")];
    waiting.ok("POST", &format!("{path}/prepare_first_factor"), &link).await;
    let other = Browser::new(&local, api);
    let (status, location) = other.follow(&local.last_link(ADA).unwrap()).await;
    assert!(status == 303 && location.contains("verified") && !location.contains("__clerk_db_jwt"), "{location}");
    assert!(other.session().await.is_null());
    // The waiting browser did not get the new cookie, but its requests carry the dev browser token.
    let with_token = format!("{path}?__clerk_db_jwt={}", made["id"].as_str().unwrap());
    let (_, body) = waiting.send("GET", &with_token, &[]).await;
    assert_eq!(body["response"]["status"], "complete");
    assert_eq!(
        body["client"]["sessions"][0]["id"], body["response"]["created_session_id"],
        "the waiting browser sees the session"
    );
}

async fn with_a_second_factor(api: &Conformance) {
    let clock = std::sync::Arc::new(ManualClock::new(clerk_core::time::SystemClock.now()));
    let local = LocalClerk::builder().clock(clock.clone()).start().await.unwrap();
    let browser = Browser::new(&local, api);
    browser.sign_up(ADA).await;
    let totp = browser.ok("POST", "/v1/me/totp", &[]).await;
    let secret = totp["secret"].as_str().unwrap();
    let code = |clock: &ManualClock| totp_code(secret, clock.now()).unwrap();
    browser.sign_out().await;
    assert_eq!(browser.sign_in(ADA).await["status"], "complete", "the factor is active only after its first code");
    let wrong = browser.refused("POST", "/v1/me/totp/attempt_verification", &[("code", "1")]).await;
    assert_eq!(wrong, "form_code_incorrect");
    let verified = browser.ok("POST", "/v1/me/totp/attempt_verification", &[("code", &code(&clock))]).await;
    let codes: Vec<String> = serde_json::from_value(verified["backup_codes"].clone()).unwrap();
    assert_eq!((verified["verified"].as_bool(), codes.len(), &verified["secret"]), (Some(true), 10, &Value::Null));

    browser.sign_out().await;
    let begun = browser.sign_in(ADA).await;
    assert_eq!(begun["status"], "needs_second_factor");
    assert!(browser.session().await.is_null(), "one factor is not enough");
    let attempt = format!("/v1/client/sign_ins/{}/attempt_second_factor", begun["id"].as_str().unwrap());
    let used = code(&clock);
    let form = [("strategy", "totp"), ("code", &*used)];
    assert_eq!(browser.refused("POST", &attempt, &form).await, "form_code_incorrect", "the code was already used");
    clock.advance(Duration::from_secs(30));
    let fresh = code(&clock);
    let done = browser.ok("POST", &attempt, &[("strategy", "totp"), ("code", &fresh)]).await;
    assert_eq!(done["status"], "complete");
    assert_eq!(browser.claims().await["fva"], json!([0, 0]));

    for (status, backup) in [(200, &codes[0]), (422, &codes[0])] {
        browser.sign_out().await;
        let begun = browser.sign_in(ADA).await;
        let attempt = format!("/v1/client/sign_ins/{}/attempt_second_factor", begun["id"].as_str().unwrap());
        let response = browser.send("POST", &attempt, &[("strategy", "backup_code"), ("code", backup)]).await;
        assert_eq!(response.0, status, "each code is valid once: {}", response.1);
    }
}

async fn with_a_new_password(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let (browser, other_browser) = (Browser::new(&local, api), Browser::new(&local, api));
    browser.sign_up(ADA).await;
    browser.sign_out().await;
    other_browser.sign_in(ADA).await;
    let begun = browser.ok("POST", "/v1/client/sign_ins", &[("identifier", ADA)]).await;
    let path = format!("/v1/client/sign_ins/{}", begun["id"].as_str().unwrap());
    let reset = format!("{path}/reset_password");
    let early = browser.refused("POST", &reset, &[("password", "another horse battery")]).await;
    assert_eq!(early, "sign_in_status_invalid", "the code comes first");
    let strategy = ("strategy", "reset_password_email_code");
    browser.ok("POST", &format!("{path}/prepare_first_factor"), &[strategy]).await;
    let proved = browser.ok("POST", &format!("{path}/attempt_first_factor"), &[strategy, ("code", CODE)]).await;
    assert_eq!(proved["status"], "needs_new_password");
    assert!(browser.session().await.is_null());
    let form = [("password", "another horse battery"), ("sign_out_of_other_sessions", "true")];
    assert_eq!(browser.ok("POST", &reset, &form).await["status"], "complete");
    assert!(other_browser.session().await.is_null() && !browser.session().await.is_null());
    browser.sign_out().await;
    let old = [("identifier", ADA), ("password", PASSWORD)];
    assert_eq!(browser.refused("POST", "/v1/client/sign_ins", &old).await, "form_password_incorrect");
}

async fn with_a_compromised_password(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let browser = Browser::new(&local, api);
    let id = browser.sign_up(ADA).await;
    browser.sign_out().await;
    let backend = async |action: &str| {
        let url = format!("{}/v1/users/{id}/password/{action}_compromised", local.backend_api_url());
        let request = reqwest::Client::new().post(url).bearer_auth(local.secret_key().expose());
        assert_eq!(request.send().await.unwrap().status(), 200);
    };
    backend("set").await;
    let by_password = [("strategy", "password"), ("identifier", ADA), ("password", PASSWORD)];
    assert_eq!(browser.refused("POST", "/v1/client/sign_ins", &by_password).await, "form_password_compromised");
    let wrong = [("strategy", "password"), ("identifier", ADA), ("password", "a guess")];
    assert_eq!(
        browser.refused("POST", "/v1/client/sign_ins", &wrong).await,
        "form_password_incorrect",
        "a wrong password does not reveal it"
    );
    backend("unset").await;
    assert_eq!(browser.sign_in(ADA).await["status"], "complete");
    browser.sign_out().await;

    backend("set").await;
    let begun = browser.ok("POST", "/v1/client/sign_ins", &[("strategy", "email_code"), ("identifier", ADA)]).await;
    let path = format!("/v1/client/sign_ins/{}", begun["id"].as_str().unwrap());
    assert_eq!(
        browser.refused("POST", &format!("{path}/attempt_first_factor"), &by_password).await,
        "form_password_compromised"
    );
    let proof = [("strategy", "email_code"), ("code", CODE)];
    let proved = browser.ok("POST", &format!("{path}/attempt_first_factor"), &proof).await;
    assert_eq!(proved["status"], "complete");
    let new = "another horse battery";
    browser.ok("POST", "/v1/me/change_password", &[("new_password", new)]).await;
    browser.sign_out().await;
    let form = [("strategy", "password"), ("identifier", ADA), ("password", new)];
    assert_eq!(browser.ok("POST", "/v1/client/sign_ins", &form).await["status"], "complete");
}

async fn at_a_provider(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let browser = Browser::new(&local, api);
    let form = [("strategy", "oauth_google"), ("redirect_url", "/sso-callback")];
    let begun = browser.ok("POST", "/v1/client/sign_ins", &form).await;
    let first = &begun["first_factor_verification"];
    assert_eq!((&first["status"], &first["strategy"]), (&json!("unverified"), &json!("oauth_google")));
    let url = url::Url::parse(first["external_verification_redirect_url"].as_str().unwrap()).unwrap();
    assert!(url.as_str().starts_with(&format!("{}/idp/google/authorize?", local.frontend_api_url())));
    let state = url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    // Another browser cannot finish this browser's sign-in.
    let other = Browser::new(&local, api);
    other.ok("POST", "/v1/client", &[]).await;
    let (status, _) = other.follow(&format!("/v1/oauth_callback?state={state}&error=access_denied")).await;
    assert_eq!(status, 403);
    assert_eq!(
        browser.follow(&format!("/v1/oauth_callback?state={state}&error=x")).await.0,
        400,
        "a state is valid once"
    );
    for (field, value, code) in [
        ("strategy", "oauth_myspace", "oauth_provider_not_enabled"),
        ("redirect_url", "http://evil.example/", "form_param_value_invalid"),
        ("redirect_url", "//evil.example/", "form_param_value_invalid"),
        ("redirect_url", "/\\evil.example/", "form_param_value_invalid"),
    ] {
        let form = [("strategy", "oauth_google"), ("redirect_url", "/x")]
            .map(|(name, own)| (name, if name == field { value } else { own }));
        assert_eq!(browser.refused("POST", "/v1/client/sign_ins", &form).await, code, "{value}");
    }
    let begun = browser.ok("POST", "/v1/client/sign_ins", &[("identifier", "grace@acme.test")]).await;
    assert_eq!(begun["supported_first_factors"][0]["strategy"], "enterprise_sso");
    let path = format!("/v1/client/sign_ins/{}/prepare_first_factor", begun["id"].as_str().unwrap());
    let form = [("strategy", "enterprise_sso"), ("redirect_url", "/sso-callback")];
    let prepared = browser.ok("POST", &path, &form).await;
    let url = prepared["first_factor_verification"]["external_verification_redirect_url"].as_str().unwrap();
    assert!(url.contains("/idp/enterprise/") && url.contains("login_hint=grace%40acme.test"), "{url}");
}

async fn with_a_token_of_a_backend(api: &Conformance) {
    let local = LocalClerk::start().await.unwrap();
    let backend = reqwest::Client::builder().no_proxy().build().unwrap();
    let make = async |path: &str, body: Value| -> Value {
        let request = backend.post(format!("{}/v1/{path}", local.backend_api_url()));
        let request = request.bearer_auth(local.secret_key().expose()).header("content-type", "application/json");
        serde_json::from_str(&request.body(body.to_string()).send().await.unwrap().text().await.unwrap()).unwrap()
    };
    let (alice, bob) = (local.user("alice").unwrap().id, local.user("bob").unwrap().id);
    let token = make("sign_in_tokens", json!({"user_id": alice})).await;
    let browser = Browser::new(&local, api);
    let form = [("strategy", "ticket"), ("ticket", token["token"].as_str().unwrap())];
    assert_eq!(browser.ok("POST", "/v1/client/sign_ins", &form).await["status"], "complete");
    assert_eq!(browser.claims().await["sub"], alice);
    let other = Browser::new(&local, api);
    assert_eq!(other.refused("POST", "/v1/client/sign_ins", &form).await, "ticket_invalid", "a ticket is valid once");

    let actor = json!({"user_id": alice, "actor": {"sub": bob}, "session_max_duration_in_seconds": 600});
    let token = make("actor_tokens", actor).await;
    let form = [("strategy", "ticket"), ("ticket", token["token"].as_str().unwrap())];
    other.ok("POST", "/v1/client/sign_ins", &form).await;
    let claims = other.claims().await;
    assert_eq!((&claims["sub"], &claims["act"]["sub"]), (&json!(alice), &json!(bob)));
    let template = json!({"name": "shop", "claims": {"mail": "{{user.primary_email_address}}"}});
    make("jwt_templates", template).await;
    let path = format!("/v1/client/sessions/{}/tokens", claims["sid"].as_str().unwrap());
    let (status, body) = other.send("POST", &format!("{path}/shop"), &[]).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(other.refused("POST", &format!("{path}/nothing"), &[]).await, "resource_not_found");
}
