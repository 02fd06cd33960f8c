//! The pages and the servers over real loopback HTTP.

use std::time::Duration;

use clerk_local::LocalClerk;
use reqwest::{Client, Response, redirect::Policy};

fn browser() -> Client {
    Client::builder().redirect(Policy::none()).no_proxy().build().unwrap()
}

async fn post(local: &LocalClerk, path: &str, body: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = browser()
        .post(format!("{}{path}", local.frontend_api_url()))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.to_owned());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

fn cookies(response: &Response) -> Vec<String> {
    response.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned()).collect()
}

const TO_APP: &str = "redirect_url=http%3A%2F%2Flocalhost%3A3000%2F";

#[tokio::test]
async fn a_click_signs_in_and_redirects_back() {
    let local = LocalClerk::start().await.unwrap();
    let alice = local.user("alice").unwrap().id;
    let response = post(&local, "/sign-in", &format!("user_id={alice}&{TO_APP}"), &[]).await;
    assert_eq!(response.status(), 303);
    assert_eq!(response.headers()["location"], "http://localhost:3000/");
    let set = cookies(&response);
    let suffix = local.publishable_key().cookie_suffix();
    for name in ["__session", "__client_uat", "__client"] {
        assert!(set.iter().any(|cookie| cookie.starts_with(&format!("{name}="))), "{name}");
    }
    assert!(set.iter().any(|cookie| cookie.starts_with(&format!("__session_{suffix}="))));
    assert!(set.iter().all(|cookie| cookie.contains("Path=/") && cookie.contains("SameSite=Lax")));
    assert!(set.iter().all(|cookie| !cookie.contains("Domain") && !cookie.contains("Secure")));
    let hidden: Vec<&str> = set
        .iter()
        .filter(|cookie| cookie.contains("HttpOnly"))
        .map(|cookie| cookie.split('=').next().unwrap())
        .collect();
    assert_eq!(hidden, [format!("__refresh_{suffix}").as_str(), "__client"]);
    let token = set.iter().find_map(|cookie| cookie.strip_prefix("__session=")).unwrap().split(';').next().unwrap();
    let clerk = local.clerk_builder().unwrap().authorized_parties(["http://localhost:3000"]).unwrap().build().unwrap();
    let session = clerk.verify_session_token(token).await.unwrap();
    assert_eq!(session.organization().and_then(|acme| acme.role()), Some("org:admin"));
}

#[tokio::test]
async fn forms_of_other_sites_and_hostile_targets_are_refused() {
    let local = LocalClerk::start().await.unwrap();
    let body = format!("user_id=alice&{TO_APP}");
    for (origin, status) in [
        ("https://evil.example", 403),
        ("null", 403),
        ("http://localhost.evil.example", 403),
        (local.frontend_api_url(), 303),
        ("http://localhost:3000", 303),
    ] {
        for path in ["/sign-in", "/sign-out"] {
            assert_eq!(post(&local, path, &body, &[("origin", origin)]).await.status(), status, "{path} {origin}");
        }
    }
    let hostile = "user_id=alice&redirect_url=https%3A%2F%2Fevil.example%2F";
    for path in ["/sign-in", "/sign-out"] {
        let response = post(&local, path, hostile, &[]).await;
        assert_eq!((response.status().as_u16(), cookies(&response).len()), (400, 0), "{path}");
        let url = format!("{}{path}?redirect_url=https%3A%2F%2Fevil.example%2F", local.frontend_api_url());
        assert_eq!(browser().get(url).send().await.unwrap().status(), 400);
    }
}

#[tokio::test]
async fn both_pages_redirect_to_the_apps_host_where_its_cookies_are() {
    let local = LocalClerk::start().await.unwrap();
    for url in [local.sign_in_url("http://127.0.0.1:3000/"), local.sign_out_url("http://127.0.0.1:3000/")] {
        let response = browser().get(&url).send().await.unwrap();
        assert_eq!(response.status(), 307, "{url}");
        let to = response.headers()["location"].to_str().unwrap();
        assert!(to.starts_with("http://127.0.0.1:"), "{to}");
        assert_eq!(browser().get(to).send().await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn pages_forbid_scripts_and_frames() {
    let local = LocalClerk::start().await.unwrap();
    for path in ["/", "/sign-in", "/sign-out"] {
        let response = browser().get(format!("{}{path}", local.frontend_api_url())).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["x-frame-options"], "DENY");
        assert!(response.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
        assert!(!response.text().await.unwrap().contains("<script"));
    }
}

#[tokio::test]
async fn a_browser_has_one_session_at_a_time() {
    let local = LocalClerk::start().await.unwrap();
    let first = post(&local, "/sign-in", "user_id=alice", &[]).await;
    let client = cookies(&first).into_iter().find(|cookie| cookie.starts_with("__client=")).unwrap();
    let client = client.split(';').next().unwrap().to_owned();
    post(&local, "/sign-in", "user_id=bob", &[("cookie", &client)]).await;
    let home = browser().get(format!("{}/", local.frontend_api_url())).send().await.unwrap().text().await.unwrap();
    assert!(home.contains("1 signed-in session"), "{home}");
}

#[tokio::test]
async fn the_end_closes_open_connections_and_frees_the_port() {
    let local = LocalClerk::start().await.unwrap();
    let browser = browser();
    let url = format!("{}/.well-known/jwks.json", local.frontend_api_url());
    assert!(browser.get(&url).send().await.unwrap().text().await.unwrap().contains("RSA"));
    let port = |url: &str| url.rsplit(':').next().unwrap().parse::<u16>().unwrap();
    let (frontend, backend) = (port(local.frontend_api_url()), port(local.backend_api_url()));
    drop(local);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(browser.get(&url).send().await.is_err(), "a kept-alive connection outlived the instance");
    LocalClerk::builder().frontend_port(frontend).backend_port(backend).start().await.unwrap();
}

#[tokio::test]
async fn the_console_changes_what_users_may_do() {
    let local = LocalClerk::start().await.unwrap();
    let page = browser().get(format!("{}/settings", local.frontend_api_url())).send().await.unwrap();
    let page = page.text().await.unwrap();
    for field in ["name=\"legal_consent\"", "name=\"phone_number\"", "name=\"social\" value=\"google, github\""] {
        assert!(page.contains(field), "{field}: {page}");
    }
    let form = "legal_consent=on&phone_number=disabled&max_failed_attempts=3&social=google&sign_up_mode=waitlist";
    assert_eq!(post(&local, "/settings", form, &[]).await.status(), 303);
    let settings = local.settings();
    assert!(settings.legal_consent && settings.max_failed_attempts == 3 && settings.social == ["google"]);
    assert!(!settings.reverification, "a box that is not ticked");
    assert_eq!(settings.min_password_length, 8, "a field that was not sent");
    let wrong = post(&local, "/settings", "max_failed_attempts=many&legal_consent=on", &[]).await;
    assert_eq!(wrong.status(), 422);
    assert!(wrong.text().await.unwrap().contains("max_failed_attempts cannot be"));
    assert_eq!(local.settings(), settings);
    assert_eq!(post(&local, "/settings", form, &[("origin", "https://evil.example")]).await.status(), 403);
    assert_eq!(post(&local, "/settings", form, &[("x-forwarded-host", "localhost")]).await.status(), 403);
}
