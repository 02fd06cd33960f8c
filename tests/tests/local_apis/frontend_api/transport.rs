//! Origins, cookies and dev browsers.

use clerk_local::LocalClerk;

use super::Browser;

#[tokio::test]
async fn only_allowed_origins_get_cors_headers() {
    let local = LocalClerk::builder().allow_redirect_origin("http://app.test").start().await.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/v1/client", local.frontend_api_url());
    for (origin, allowed) in [
        ("http://localhost:3000", true),
        ("http://app.test", true),
        ("http://evil.example", false),
        ("http://localhost.evil.example", false),
        ("null", false),
    ] {
        let response = http.get(&url).header("origin", origin).send().await.unwrap();
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(header("access-control-allow-origin").as_deref(), allowed.then_some(origin), "{origin}");
        assert_eq!(header("access-control-allow-credentials").is_some(), allowed, "{origin}");
        assert_eq!(header("vary").as_deref(), Some("Origin"));
        assert_eq!(response.status(), if allowed { 200 } else { 400 }, "{origin}");
        let preflight = http.request(reqwest::Method::OPTIONS, &url).header("origin", origin).send().await.unwrap();
        assert_eq!(preflight.headers().contains_key("access-control-allow-methods"), allowed, "{origin}");
    }
}

#[tokio::test]
async fn without_cookies_a_browser_is_identified_by_its_dev_browser_token() {
    let local = LocalClerk::start().await.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = |path: &str| format!("{}/__clerk/v1/{path}", local.frontend_api_url());
    let made = http.post(url("dev_browser")).send().await.unwrap().text().await.unwrap();
    let made: serde_json::Value = serde_json::from_str(&made).unwrap();
    let id = made["id"].as_str().unwrap();
    let token = format!("client/sign_ins?__clerk_db_jwt={id}");
    assert_eq!(http.post(url(&token)).send().await.unwrap().status(), 200);
    let by_header = http.get(url("client")).header("clerk-db-jwt", id).send().await.unwrap().text().await.unwrap();
    let by_header: serde_json::Value = serde_json::from_str(&by_header).unwrap();
    assert!(by_header["response"]["sign_in"]["id"].is_string(), "{by_header}");
    let unknown = http.get(url("client?__clerk_db_jwt=dvb_unknown")).send().await.unwrap();
    assert_eq!(unknown.status(), 401);
    assert!(unknown.text().await.unwrap().contains("dev_browser_unauthenticated"));
    let unidentified = http.get(url("client")).send().await.unwrap().text().await.unwrap();
    assert_eq!(unidentified, r#"{"client":null,"response":null}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_attempts_count_against_the_limit() {
    let local = LocalClerk::start().await.unwrap();
    let browser = std::sync::Arc::new(Browser::new(&local, None));
    let form = [("email_address", "ada+clerk_test@example.com"), ("password", "correct horse battery")];
    let begun = browser.ok("POST", "/v1/client/sign_ups", &form).await;
    let path = format!("/v1/client/sign_ups/{}", begun["id"].as_str().unwrap());
    browser.ok("POST", &format!("{path}/prepare_verification"), &[("strategy", "email_code")]).await;
    let attempt = format!("{path}/attempt_verification");
    let guesses = (0..40).map(|guess| {
        let (browser, attempt, code) = (std::sync::Arc::clone(&browser), attempt.clone(), format!("{guess:06}"));
        async move { browser.refused("POST", &attempt, &[("strategy", "email_code"), ("code", &code)]).await }
    });
    let codes = futures_util::future::join_all(guesses).await;
    let incorrect = codes.iter().filter(|code| *code == "form_code_incorrect").count();
    assert_eq!(incorrect, 2, "{codes:?}");
    let late = [("strategy", "email_code"), ("code", "424242")];
    assert_eq!(browser.refused("POST", &attempt, &late).await, "verification_failed");
}

#[tokio::test]
async fn no_form_makes_the_instance_panic() {
    let local = LocalClerk::start().await.unwrap();
    let browser = Browser::new(&local, None);
    browser.sign_up("ada+clerk_test@example.com").await;
    let long = "x".repeat(100_000);
    for text in ["", " ", "\0", "%", "\u{202e}@\u{202e}.x", "+", "//", "[]", &long] {
        for field in [
            "identifier",
            "email_address",
            "phone_number",
            "username",
            "password",
            "unsafe_metadata",
            "strategy",
            "ticket",
            "redirect_url",
        ] {
            for path in ["/v1/client/sign_ins", "/v1/client/sign_ups", "/v1/me/email_addresses", "/v1/organizations"] {
                let (status, body) = browser.send("POST", path, &[(field, text), ("name", text)]).await;
                assert!(status < 500, "{path} {field} {text:.20}: {status} {body}");
            }
        }
    }
}

#[tokio::test]
async fn the_urls_of_the_environment_have_the_origin_of_the_app() {
    let local = LocalClerk::builder().allow_redirect_origin("https://app.shop.test").start().await.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let display = async |origin: &str, header: &str| {
        let url = format!("{}/v1/environment", local.frontend_api_url());
        let answer = http.get(url).header(header, origin).send().await.unwrap().text().await.unwrap();
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        let named = |name: &str| answer["display_config"][name].as_str().unwrap().to_owned();
        (named("home_url"), named("after_switch_session_url"), named("sign_in_url"))
    };
    let sign_in = format!("{}/sign-in", local.frontend_api_url());
    for (origin, header, home) in [
        ("http://localhost:3000", "origin", "http://localhost:3000/"),
        ("https://app.shop.test", "origin", "https://app.shop.test/"),
        ("http://localhost:3000/user?x", "referer", "http://localhost:3000/"),
        ("https://evil.example/", "referer", &*format!("{}/", local.frontend_api_url())),
    ] {
        let expected = (home.to_owned(), home.to_owned(), sign_in.clone());
        let actual = display(origin, header).await;
        // For other origins it is the address of the instance.
        assert_eq!(actual, expected, "{origin}");
    }
}

#[tokio::test]
async fn an_error_tells_a_page_who_is_signed_in() {
    let local = LocalClerk::start().await.unwrap();
    let browser = Browser::new(&local, None);
    let ada = browser.sign_up("ada+clerk_test@example.com").await;
    // A tab that was open before: it still shows the form.
    let form = [("identifier", "ada+clerk_test@example.com")];
    let (status, body) = browser.send("POST", "/v1/client/sign_ins", &form).await;
    assert_eq!((status, &body["errors"][0]["code"]), (400, &"identifier_already_signed_in".into()));
    let client = &body["meta"]["client"];
    assert_eq!((&client["object"], &client["sessions"][0]["user"]["id"]), (&"client".into(), &ada.into()));
    let (_, fetched) = browser.send("GET", "/v1/client", &[]).await;
    assert_eq!((&client["id"], &client["last_active_session_id"]), {
        let fetched = &fetched["response"];
        (&fetched["id"], &fetched["last_active_session_id"])
    });
    for (method, path, status) in [
        ("GET", "/v1/client/sessions/sess_x", 404),
        ("PATCH", "/v1/me?_clerk_session_id=sess_x", 401),
        ("POST", "/v1/client/sign_ups", 422),
    ] {
        let (seen, body) = browser.send(method, path, &[("username", "x")]).await;
        assert_eq!((seen, &body["meta"]["client"]["id"]), (status, &client["id"]), "{path}: {body}");
    }
    let unknown = Browser::new(&local, None);
    let (status, body) = unknown.send("POST", "/v1/client/sign_ins", &[("identifier", "zoe")]).await;
    assert_eq!((status, body.get("meta")), (422, None), "{body}");
    let foreign = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = foreign.get(format!("{}/v1/me", local.frontend_api_url())).header("origin", "http://evil.example");
    let request = request.header("cookie", format!("__client={}", browser.cookie("__client").unwrap()));
    assert!(!request.send().await.unwrap().text().await.unwrap().contains("sess_"), "only allowed pages learn it");
}

#[tokio::test]
async fn errors_have_a_short_and_a_long_message() {
    let local = LocalClerk::start().await.unwrap();
    let browser = Browser::new(&local, None);
    let address = [("email_address", "ada+clerk_test@example.com"), ("password", super::PASSWORD)];
    let begun = browser.ok("POST", "/v1/client/sign_ups", &address).await;
    let path = format!("/v1/client/sign_ups/{}", begun["id"].as_str().unwrap());
    browser.ok("POST", &format!("{path}/prepare_verification"), &[("strategy", "email_code")]).await;
    let attempt = format!("{path}/attempt_verification");
    for (path, form, short, long) in [
        (&*attempt, [("strategy", "email_code"), ("code", "000000")], "is incorrect", "Incorrect code"),
        (&attempt, [("strategy", "email_code"), ("x", "")], "is missing", "code must be included."),
        (
            "/v1/client/sign_ups",
            [("email_address", "no address"), ("x", "")],
            "is invalid",
            "Email address must be a valid email address.",
        ),
        (
            "/v1/client/sign_ins",
            [("identifier", "zoe"), ("x", "")],
            "Couldn't find your account.",
            "Couldn't find your account.",
        ),
    ] {
        let (_, body) = browser.send("POST", path, &form).await;
        let error = &body["errors"][0];
        assert_eq!((&error["message"], &error["long_message"]), (&short.into(), &long.into()), "{path}: {body}");
    }
    let url = format!("{}/v1/users", local.backend_api_url());
    let request = reqwest::Client::new().post(url).bearer_auth(local.secret_key().expose());
    let answer = request.header("content-type", "application/json").body(r#"{"nme": "x"}"#).send().await.unwrap();
    let body: serde_json::Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    let error = &body["errors"][0];
    assert_eq!(error["message"], "is unknown", "{body}");
    assert!(error["long_message"].as_str().unwrap().contains("nme"), "{body}");
}
