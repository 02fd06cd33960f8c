//! What a local instance refuses when the proxy of an app forwards it: the console, and pages that sign in without a
//! password.

use clerk_local::LocalClerk;
use clerk_proxy::FrontendApiProxy;
use clerk_tests::{harness::FRAMEWORKS, proxy_server};
use reqwest::{Client, Method, redirect::Policy};

/// With what a console and a sign-in page have to tell, whatever the status is.
const SECRETS: [&str; 3] = ["Alice", "alice@example.com", "eyJ"];

#[tokio::test(flavor = "multi_thread")]
async fn the_proxy_of_an_app_reaches_neither_the_console_nor_the_sign_in_page() {
    let local = LocalClerk::start().await.unwrap();
    let http = Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
    for framework in FRAMEWORKS {
        let clerk = local.clerk_builder().unwrap().proxy_url("/__clerk").unwrap().build().unwrap();
        let proxy = FrontendApiProxy::new(&clerk).unwrap().with_upstream(local.frontend_api_url()).unwrap();
        let address = proxy_server::serve(framework, proxy, clerk).await;
        let send = async |host: &str, method: Method, path: &str, content_type: &str, body: &str| {
            let request = http.request(method, format!("http://{address}/__clerk{path}")).header("host", host);
            let request = request.header("content-type", content_type).body(body.to_owned());
            let response = request.send().await.unwrap();
            let cookies = response.headers().contains_key("set-cookie");
            (response.status().as_u16(), cookies, response.text().await.unwrap())
        };
        let refused = [
            (Method::GET, "/", ""),
            (Method::GET, "/local/users", ""),
            (Method::GET, "/local/outbox", ""),
            (Method::POST, "/local/tokens", r#"{"user": "alice"}"#),
            (Method::GET, "/mint?user=alice", ""),
            (Method::GET, "/outbox", ""),
            (Method::GET, "/users/alice", ""),
            (Method::POST, "/users/alice", "act=ban"),
            (Method::GET, "/organizations/acme", ""),
            (Method::GET, "/requests", ""),
            (Method::GET, "/webhooks", ""),
        ];
        let of_outsiders = [
            (Method::GET, "/sign-in", ""),
            (Method::POST, "/sign-in", "user_id=alice"),
            (Method::GET, "/idp/google/authorize", ""),
            (Method::POST, "/idp/google/authorize", "choice=0"),
        ];
        for host in ["app.example.com", "localhost:3000"] {
            let outside = if host == "localhost:3000" { &[][..] } else { &of_outsiders };
            for (method, path, body) in refused.iter().chain(outside) {
                let form = if body.starts_with('{') { "application/json" } else { "application/x-www-form-urlencoded" };
                let (status, cookies, answer) = send(host, method.clone(), path, form, body).await;
                assert_eq!((status, cookies), (403, false), "{framework:?} {host} {method} {path}: {answer}");
                assert!(SECRETS.iter().all(|secret| !answer.contains(secret)), "{path}: {answer}");
            }
        }
        let (status, _, answer) = send("app.example.com", Method::GET, "/v1/environment", "", "").await;
        assert_eq!(status, 200, "{framework:?}: Clerk's own Frontend API is for all browsers: {answer}");
        assert_eq!(send("localhost:3000", Method::GET, "/sign-in", "", "").await.0, 200, "{framework:?}");
    }
    assert!(!local.user("alice").unwrap().banned);
}

#[tokio::test]
async fn every_sign_of_a_proxy_closes_the_console() {
    let local = LocalClerk::builder().allow_redirect_origin("http://app.test:3000").start().await.unwrap();
    let http = Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
    let status = async |path: &str, header: (&str, &str)| {
        let request = http.get(format!("{}{path}", local.frontend_api_url())).header(header.0, header.1);
        request.send().await.unwrap().status().as_u16()
    };
    // The last member: whether the sign-in page answers.
    for (name, value, signs_in) in [
        ("clerk-proxy-url", "https://app.example.com/__clerk", false),
        ("clerk-proxy-url", "/__clerk", false),
        ("clerk-proxy-url", "http://localhost:3000/__clerk", true),
        ("x-forwarded-host", "app.example.com", false),
        ("x-forwarded-host", "localhost, app.example.com", false),
        ("x-forwarded-host", "app.test:3000", true),
        ("x_forwarded_host", "app.example.com", false),
        ("x-forwarded-for", "203.0.113.9", false),
        ("x-forwarded-for", "127.0.0.1, 203.0.113.9", false),
        ("x-forwarded-for", "127.0.0.1", true),
        ("x-forwarded-proto", "https", false),
        ("forwarded", "for=203.0.113.9;host=app.example.com;proto=https", false),
        ("forwarded", "for=127.0.0.1; Host=\"localhost:3000\"", true),
        ("via", "1.1 gateway", false),
        ("x-real-ip", "203.0.113.9", false),
        ("cf-connecting-ip", "203.0.113.9", false),
        ("clerk-secret-key", "sk_test_x", false),
    ] {
        for path in ["/", "/local/users", "/local/outbox", "/mint"] {
            assert_eq!(status(path, (name, value)).await, 403, "{name}: {value} {path}");
        }
        let expected = if signs_in { 200 } else { 403 };
        assert_eq!(status("/sign-in", (name, value)).await, expected, "{name}: {value}");
    }
    assert_eq!(status("/local/users", ("accept", "*/*")).await, 200, "callers of this machine");
}
