//! What browsers get: redirects with an end, none that signs a user out wrongly, private cookies, in all three frameworks.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use clerk_core::{
    Authenticator,
    time::{ManualClock, Timestamp},
};
use clerk_local::LocalClerk;
use clerk_tests::{
    browser::{Browser, Page},
    client::{self, Response},
    endpoint::{self, Endpoint},
    harness::FRAMEWORKS,
};
use url::Url;

const NOW: i64 = 1_768_478_400;

/// More than a path of one navigation may have, those at Clerk included.
const MANY: usize = 12;

async fn instance() -> (LocalClerk, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new(Timestamp::from_unix_seconds(NOW)));
    (LocalClerk::builder().clock(clock.clone()).start().await.unwrap(), clock)
}

fn at(address: SocketAddr) -> String {
    format!("http://localhost:{}", address.port())
}

async fn sign_in(browser: &mut Browser, local: &LocalClerk, target: &str) -> Page {
    let target: String = url::form_urlencoded::byte_serialize(target.as_bytes()).collect();
    browser
        .submit(&format!("{}/sign-in", local.frontend_api_url()), &format!("user_id=alice&redirect_url={target}"))
        .await
}

fn session_cookies(local: &LocalClerk, issued_ago: u64) -> String {
    let token = local.token("alice").unwrap();
    let token = if issued_ago > 0 { token.expired(Duration::from_secs(issued_ago)).mint() } else { token.mint() };
    format!("__session={token}; __client_uat={}; __clerk_db_jwt=dvb_1", NOW - 500)
}

/// A request for a document, or one of a script.
async fn get(address: SocketAddr, path: &str, destination: &str, cookies: &str) -> Response {
    let headers = [("sec-fetch-dest", destination.as_bytes().to_vec()), ("cookie", cookies.as_bytes().to_vec())];
    client::get(address, path, &headers).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nonce_that_cannot_be_looked_up_is_answered_with_503() {
    let (local, _clock) = instance().await;
    let status = |status: &str| {
        let body = r#"{"errors":[{"code":"internal_clerk_error"}]}"#;
        Some(format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len()))
    };
    let answers = [status("500"), status("502"), status("503"), status("429"), None];
    for framework in FRAMEWORKS {
        let mut urls = vec![endpoint::unused_url().await];
        let mut endpoints = Vec::new();
        for answer in &answers {
            let endpoint = Endpoint::start(answer.clone()).await;
            urls.push(endpoint.url());
            endpoints.push(endpoint);
        }
        for url in urls {
            let builder = local.clerk_builder().unwrap().jwt_key(local.jwt_key_pem().parse().unwrap());
            let builder = builder.api_url(&url).unwrap().http_timeout(Duration::from_millis(300));
            let address = framework.serve(Authenticator::new(builder.build().unwrap()).pages().unwrap()).await;
            for path in ["/me?__clerk_handshake_nonce=n", "/maybe?__clerk_handshake_nonce=n"] {
                let page = get(address, path, "document", &session_cookies(&local, 200)).await;
                assert_eq!(page.status, 503, "{framework:?} {url} {path} {page:?}");
                assert!(page.header("retry-after").is_some(), "{page:?}");
            }
            // A script's request cannot be redirected to Clerk, so an expired session is neither good nor bad.
            let cookies =
                format!("{}; __refresh_{}=r", session_cookies(&local, 200), local.publishable_key().cookie_suffix());
            let refreshed = get(address, "/me", "empty", &cookies).await;
            assert_eq!(refreshed.status, 503, "{framework:?} {url} {refreshed:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_refuse_every_token_lead_to_a_page_that_explains() {
    for framework in FRAMEWORKS {
        let (local, _clock) = instance().await;
        let builder = || local.clerk_builder().unwrap();
        for (name, builder) in [
            ("parties", builder().authorized_parties(["https://other.example.com"]).unwrap()),
            ("audiences", builder().audiences(["https://api.example.com"]).unwrap()),
            ("issuers", builder().issuers(["https://clerk.example.com"]).unwrap()),
        ] {
            let clerk = builder.build().unwrap();
            let app = at(framework.serve(Authenticator::new(clerk.clone()).pages().unwrap()).await);
            let mut browser = Browser::default();
            let page = sign_in(&mut browser, &local, &format!("{app}/me")).await;
            assert_eq!(page.status, 401, "{framework:?} {name} {page:?}");
            assert!(
                page.hops.len() <= MANY && page.body.contains("signing in again would not help"),
                "{name} {page:?}"
            );
            let again = browser.open(&format!("{app}/me")).await;
            assert_eq!(again.status, 401, "{framework:?} {name} {again:?}");
            let report = clerk.check().await;
            assert!(report.problems().any(|finding| finding.code() == "tokens-refused"), "{name} {report}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn restored_tabs_do_not_stop_each_other() {
    for framework in FRAMEWORKS {
        for depth_first in [false, true] {
            let (local, clock) = instance().await;
            let clerk = local.clerk_builder().unwrap().build().unwrap();
            let app = at(framework.serve(Authenticator::new(clerk).pages().unwrap()).await);
            let alice = local.user("alice").unwrap().id;
            let mut browser = Browser::default();
            assert_eq!(sign_in(&mut browser, &local, &format!("{app}/me")).await.body, alice);
            clock.advance(Duration::from_secs(200));
            browser.delete_cookies("__refresh");
            let mut tabs: Vec<Url> = (0..6).map(|_| Url::parse(&format!("{app}/me")).unwrap()).collect();
            let mut pages = Vec::new();
            let mut hops = 0;
            while !tabs.is_empty() {
                let at = if depth_first { tabs.len() - 1 } else { hops % tabs.len() };
                match browser.hop(&tabs[at]).await {
                    Ok(next) => tabs[at] = next,
                    Err(page) => {
                        pages.push(page);
                        tabs.remove(at);
                    }
                }
                hops += 1;
                assert!(hops < 6 * MANY, "{framework:?} {tabs:?}");
            }
            for page in pages {
                assert_eq!((page.status, &page.body), (200, &alice), "{framework:?} {page:?}");
                assert_eq!(page.url.as_str(), format!("{app}/me"), "{framework:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_without_cookies_gets_a_page() {
    for framework in FRAMEWORKS {
        let (local, _clock) = instance().await;
        let clerk = local.clerk_builder().unwrap().build().unwrap();
        let app = at(framework.serve(Authenticator::new(clerk).pages().unwrap()).await);
        for path in ["/maybe", "/maybe?__clerk_handshake_nonce=used", "/me"] {
            let mut url = Url::parse(&format!("{app}{path}")).unwrap();
            let mut hops = 0;
            let page = loop {
                match Browser::default().hop(&url).await {
                    Ok(next) => url = next,
                    Err(page) => break page,
                }
                hops += 1;
                assert!(hops <= 6, "{framework:?} {path} {url}");
            };
            assert_eq!(page.status, 200, "{framework:?} {page:?}");
            let is_sign_in = page.url.path() == "/sign-in";
            assert!(if path == "/me" { is_sign_in } else { page.body == "signed out" }, "{framework:?} {page:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_response_with_clerks_cookies_is_private() {
    for framework in FRAMEWORKS {
        let (local, clock) = instance().await;
        let clerk = local.clerk_builder().unwrap().build().unwrap();
        let address = framework.serve(Authenticator::new(clerk).pages().unwrap()).await;
        let mut browser = Browser::default();
        sign_in(&mut browser, &local, &format!("{}/me", at(address))).await;
        let known = browser.open(&format!("{}/me", at(address))).await;
        assert_eq!((known.status, known.header("set-cookie"), known.header("cache-control")), (200, None, None));
        clock.advance(Duration::from_secs(200));
        let refreshed = browser.open(&format!("{}/me", at(address))).await;
        let handshake =
            format!("{}/v1/client/handshake?redirect_url={}/&format=nonce", local.frontend_api_url(), at(address));
        let returned = Browser::default().hop(&Url::parse(&handshake).unwrap()).await.unwrap();
        let nonce = returned.query().unwrap();
        let returned = Browser::default().open(&format!("{}/maybe?{nonce}", at(address))).await;
        for page in [refreshed, returned] {
            assert_eq!((page.status, page.hops.len()), (200, 0), "{framework:?} {page:?}");
            assert!(page.header("set-cookie").is_some(), "{framework:?} {page:?}");
            assert_eq!(page.header("cache-control"), Some("private, no-store"), "{framework:?}");
            assert_eq!(page.header("access-control-allow-origin"), None, "{framework:?}");
        }
    }
}
