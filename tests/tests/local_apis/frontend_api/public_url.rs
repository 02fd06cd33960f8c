//! An instance with its own host name: which requests reach it, its cookies, its links.

use clerk_local::{LocalClerk, LocalClerkBuilder, StartErrorKind};
use reqwest::{Client, RequestBuilder, redirect::Policy};

const PUBLIC: &str = "https://clerk.auth.test";

fn builder() -> LocalClerkBuilder {
    LocalClerk::builder().public_url(PUBLIC).allow_redirect_origin("https://app.shop.test")
}

fn http() -> Client {
    Client::builder().no_proxy().redirect(Policy::none()).build().unwrap()
}

async fn status_and(request: RequestBuilder, header: &str) -> (u16, String) {
    let response = request.send().await.unwrap();
    let value = response.headers().get(header).map(|value| value.to_str().unwrap().to_owned());
    (response.status().as_u16(), value.unwrap_or_default())
}

#[tokio::test]
async fn the_frontend_api_accepts_that_host_and_the_backend_api_does_not() {
    let local = builder().start().await.unwrap();
    let at = |base: &str, path: &str, host: &str| http().get(format!("{base}{path}")).header("host", host);
    for (host, expected) in [
        ("clerk.auth.test", 200),
        ("CLERK.auth.test", 200),
        ("localhost:1234", 200),
        ("clerk.auth.test:8443", 421),
        ("auth.test", 421),
        ("x.clerk.auth.test", 421),
        ("app.shop.test", 421),
        ("local.clerk.accounts.dev", 421),
        ("clerk.auth.test.evil.example", 421),
    ] {
        let (status, _) = status_and(at(local.frontend_api_url(), "/v1/environment", host), "date").await;
        assert_eq!(status, expected, "{host}");
    }
    for console in ["/", "/outbox", "/mint", "/local/users"] {
        assert_eq!(
            status_and(at(local.frontend_api_url(), console, "clerk.auth.test"), "date").await.0,
            421,
            "{console}"
        );
        assert_eq!(status_and(at(local.frontend_api_url(), console, "127.0.0.1"), "date").await.0, 200, "{console}");
    }
    let backend = at(local.backend_api_url(), "/v1/jwks", "clerk.auth.test").bearer_auth(local.secret_key().expose());
    assert_eq!(status_and(backend, "date").await.0, 421);
    let plain = LocalClerk::start().await.unwrap();
    assert_eq!(status_and(at(plain.frontend_api_url(), "/v1/environment", "clerk.auth.test"), "date").await.0, 421);
}

#[tokio::test]
async fn over_https_the_cookie_is_sent_cross_site() {
    for (local, expected) in [
        (builder().start().await.unwrap(), "SameSite=None; Secure"),
        (LocalClerk::start().await.unwrap(), "SameSite=Lax"),
    ] {
        let made = http().post(format!("{}/v1/client", local.frontend_api_url()));
        let (status, cookie) = status_and(made, "set-cookie").await;
        assert_eq!(status, 200);
        assert!(cookie.starts_with("__client="), "{cookie}");
        assert!(cookie.contains(&format!("; Path=/; {expected}; ")) && cookie.ends_with("HttpOnly"), "{cookie}");
    }
}

#[tokio::test]
async fn environment_and_links_use_the_public_url() {
    let local = builder().app_sign_in_url("https://app.shop.test/sign-in?from=link").start().await.unwrap();
    assert_eq!(local.public_url(), PUBLIC);
    let variables = local.environment();
    assert!(variables.contains(&("CLERK_PROXY_URL", PUBLIC.to_owned())), "{variables:?}");
    // The instance's own pages have that origin.
    let form = http().post(format!("{}/sign-in", local.frontend_api_url()));
    let form = form.header("origin", PUBLIC).header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(status_and(form.body("user_id=alice"), "location").await, (303, "/".to_owned()));
    // A link without a redirect URL leads to the app.
    let token = http().post(format!("{}/v1/sign_in_tokens", local.backend_api_url()));
    let token = token.bearer_auth(local.secret_key().expose()).header("content-type", "application/json");
    let user = local.user("alice").unwrap().id;
    let token = token.body(format!(r#"{{"user_id":"{user}"}}"#)).send().await.unwrap().text().await.unwrap();
    let token: serde_json::Value = serde_json::from_str(&token).unwrap();
    let path = token["url"].as_str().unwrap().strip_prefix(PUBLIC).unwrap();
    let (status, target) = status_and(http().get(format!("{}{path}", local.frontend_api_url())), "location").await;
    assert_eq!(status, 303);
    let expected = "https://app.shop.test/sign-in?from=link&__clerk_status=sign_in&__clerk_ticket=";
    assert!(target.starts_with(expected), "{target}");
}

#[tokio::test]
async fn at_the_address_in_the_publishable_key_there_is_no_proxy_url() {
    let local = LocalClerk::builder().public_url("https://local.clerk.accounts.dev").start().await.unwrap();
    assert_eq!(local.public_url(), local.issuer());
    assert!(local.environment().iter().all(|(name, _)| *name != "CLERK_PROXY_URL"));
}

#[tokio::test]
async fn invalid_urls_are_refused_at_the_start() {
    for url in ["clerk.auth.test", "https://clerk.auth.test/path", "ftp://clerk.auth.test", "https://u@clerk.auth.test"]
    {
        let error = LocalClerk::builder().public_url(url).start().await.unwrap_err();
        assert_eq!(error.kind(), StartErrorKind::PublicUrl, "{url}");
    }
    let error = LocalClerk::builder().app_sign_in_url("https://app.shop.test/sign-in").start().await.unwrap_err();
    assert_eq!(error.kind(), StartErrorKind::SignInUrl);
}
