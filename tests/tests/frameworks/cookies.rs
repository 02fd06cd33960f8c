//! Requests with a browser's cookies: what counts, and what the response may say, in all three frameworks.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use clerk_core::{
    Authenticator, Clerk, OrganizationSync,
    time::{ManualClock, Timestamp},
};
use clerk_local::LocalClerk;
use clerk_tests::{
    client::{self, Response},
    harness::FRAMEWORKS,
};

const NOW: i64 = 1_768_478_400;

async fn instance() -> LocalClerk {
    LocalClerk::builder().clock(Arc::new(ManualClock::new(Timestamp::from_unix_seconds(NOW)))).start().await.unwrap()
}

fn clerk(local: &LocalClerk) -> Clerk {
    local.clerk_builder().unwrap().build().unwrap()
}

fn cookies(token: &str) -> String {
    format!("__session={token}; __client_uat={}; __clerk_db_jwt=dvb_1", NOW - 500)
}

async fn send(address: SocketAddr, method: &str, path: &str, headers: &[(&'static str, &str)]) -> Response {
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_bytes().to_vec())).collect();
    client::send(address, method, path, &headers).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_response_with_clerks_cookies_is_private() {
    let local = instance().await;
    let (alice, suffix) = (local.user("alice").unwrap().id, local.publishable_key().cookie_suffix());
    for framework in FRAMEWORKS {
        let address = framework.serve(clerk(&local)).await;
        let good = send(address, "GET", "/me", &[("cookie", &cookies(&local.token("alice").unwrap().mint()))]).await;
        assert_eq!((good.status, good.header("cache-control")), (200, None), "{framework:?}");
        let expired = cookies(&local.token("alice").unwrap().expired(Duration::from_secs(60)).mint());
        let refreshed = send(address, "GET", "/me", &[("cookie", &format!("{expired}; __refresh_{suffix}=r"))]).await;
        if refreshed.header("set-cookie").is_some() {
            assert_eq!((refreshed.status, &refreshed.body), (200, &alice), "{framework:?} {refreshed:?}");
            assert_eq!(refreshed.header("cache-control"), Some("private, no-store"), "{framework:?}");
        }
        let nonce = format!(
            "{}/v1/client/handshake?redirect_url=http%3A%2F%2Flocalhost%2F&format=nonce",
            local.frontend_api_url()
        );
        let location = reqwest_location(&nonce).await;
        let nonce = location.split("__clerk_handshake_nonce=").nth(1).unwrap().to_owned();
        let pages = framework.serve(Authenticator::new(clerk(&local)).pages().unwrap()).await;
        let path = format!("/maybe?__clerk_handshake_nonce={nonce}");
        let page = send(pages, "GET", &path, &[("sec-fetch-dest", "document")]).await;
        assert_eq!(page.status, 200, "{framework:?} {page:?}");
        assert!(page.header("set-cookie").is_some(), "{framework:?} {page:?}");
        assert_eq!(page.header("cache-control"), Some("private, no-store"), "{framework:?}");
        assert_eq!(page.header("access-control-allow-origin"), None, "{framework:?}");
    }
}

/// Where a handshake at Clerk leads.
async fn reqwest_location(url: &str) -> String {
    let url = url::Url::parse(url).unwrap();
    let address = format!("127.0.0.1:{}", url.port().unwrap()).parse().unwrap();
    let response = client::get(address, &format!("{}?{}", url.path(), url.query().unwrap()), &[]).await;
    response.header("location").unwrap_or_else(|| panic!("{response:?}")).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_junk_nonce_gets_no_cors_headers() {
    let local = instance().await;
    for framework in FRAMEWORKS {
        let address = framework.serve(Authenticator::new(clerk(&local)).pages().unwrap()).await;
        for destination in ["document", "empty"] {
            for path in ["/maybe?__clerk_handshake_nonce=junk", "/maybe?__clerk_handshake=junk"] {
                let headers = [("sec-fetch-dest", destination), ("origin", "https://evil.example")];
                let page = send(address, "GET", path, &headers).await;
                assert_eq!(page.header("access-control-allow-origin"), None, "{framework:?} {path} {page:?}");
                assert_eq!(page.header("access-control-allow-credentials"), None, "{framework:?} {path}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organizations_path_is_refused_if_asked_for() {
    let local = instance().await;
    let sync = || OrganizationSync::new().organization_patterns(["/:slug", "/policy/:slug"]).unwrap();
    let bearer = format!("Bearer {}", local.token("alice").unwrap().mint());
    for framework in FRAMEWORKS {
        for (sync, expected) in [(sync(), 200), (sync().refuse_others(), 403)] {
            let authenticator = Authenticator::new(clerk(&local)).pages().unwrap().organization_sync(sync);
            let address = framework.serve(authenticator).await;
            let token = cookies(&local.token("alice").unwrap().mint());
            for (method, path) in
                [("GET", "/organization"), ("GET", "/%6Frganization"), ("DELETE", "/policy/signed-in")]
            {
                let json = send(address, method, path, &[("accept", "application/json"), ("cookie", &token)]).await;
                let with_header = send(address, method, path, &[("authorization", &bearer)]).await;
                if json.status == 404 {
                    continue; // this framework does not decode paths
                }
                assert_eq!(
                    (json.status, with_header.status),
                    (expected, expected),
                    "{framework:?} {method} {path} {json:?}"
                );
            }
            let signed_out = send(address, "GET", "/organization", &[]).await;
            assert_eq!(signed_out.status, 401, "{framework:?} {signed_out:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_without_a_party_has_its_own_reason() {
    let local = instance().await;
    let site = "http://localhost:3000";
    let token = |party: Option<&str>| match party {
        Some(party) => local.token("alice").unwrap().authorized_party(party).mint(),
        None => local.token("alice").unwrap().without("azp").mint(),
    };
    let builder = || local.clerk_builder().unwrap();
    for framework in FRAMEWORKS {
        let strict = Authenticator::new(builder().authorized_parties([site]).unwrap().build().unwrap());
        let lax = Authenticator::new(builder().authorized_parties_or_none([site]).unwrap().build().unwrap());
        let strict = framework.serve(strict.pages().unwrap()).await;
        let lax = framework.serve(lax.pages().unwrap()).await;
        for (party, on_strict, on_lax) in
            [(Some(site), 200, 200), (None, 401, 200), (Some("https://evil.example"), 401, 401)]
        {
            let bearer = format!("Bearer {}", token(party));
            for (address, expected) in [(strict, on_strict), (lax, on_lax)] {
                let response = send(address, "GET", "/me", &[("authorization", &bearer)]).await;
                assert_eq!(response.status, expected, "{framework:?} {party:?} {response:?}");
                let reason = response.header("x-clerk-auth-reason");
                let wanted = party.map_or("token-without-authorized-party", |_| "token-invalid-authorized-parties");
                assert_eq!(reason, (expected == 401).then_some(wanted), "{framework:?}");
            }
        }
        // A document asks Clerk for another token, once.
        let cookies = cookies(&token(None));
        let document = [("sec-fetch-dest", "document"), ("cookie", &*cookies)];
        let first = send(strict, "GET", "/me", &document).await;
        assert!(
            first.header("location").is_some_and(|location| location.contains("/v1/client/handshake?")),
            "{first:?}"
        );
        let counted = format!("{cookies}; __clerk_redirect_count=1");
        let second = send(strict, "GET", "/me", &[("sec-fetch-dest", "document"), ("cookie", &counted)]).await;
        assert_eq!(second.status, 401, "{framework:?} {second:?}");
        assert!(second.body.contains("authorized_parties_or_none"), "{framework:?} {second:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_of_another_sites_form_do_not_count_if_asked_for() {
    let local = instance().await;
    let token = local.token("alice").unwrap().mint();
    let (cookies, bearer) = (cookies(&token), format!("Bearer {token}"));
    for framework in FRAMEWORKS {
        let address = framework.serve(Authenticator::new(clerk(&local)).same_origin_only()).await;
        for (method, site, expected) in [
            ("POST", "same-origin", 200),
            ("POST", "none", 200),
            ("POST", "cross-site", 401),
            ("DELETE", "same-site", 401),
            ("GET", "cross-site", 200),
        ] {
            let headers = [("cookie", &*cookies), ("sec-fetch-site", site)];
            let response = send(address, method, "/policy/signed-in", &headers).await;
            assert_eq!(response.status, expected, "{framework:?} {method} {site} {response:?}");
            let headers = [("authorization", &*bearer), ("sec-fetch-site", site)];
            let response = send(address, method, "/policy/signed-in", &headers).await;
            assert_eq!(response.status, 200, "{framework:?} {method} {site}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_back_is_the_public_address() {
    let local = instance().await;
    for framework in FRAMEWORKS {
        let address = framework.serve(Authenticator::new(clerk(&local)).pages().unwrap()).await;
        for (headers, back) in [
            (
                &[("x-forwarded-host", "app.test"), ("x-forwarded-proto", "https"), ("x-forwarded-port", "8443")][..],
                "https://app.test:8443/me",
            ),
            (&[("x-forwarded-host", "app.test"), ("x-forwarded-prefix", "/shop")], "http://app.test/shop/me"),
            (&[("forwarded", "host=app.test;proto=https")], "https://app.test/me"),
            (&[("x-forwarded-host", ""), ("x-forwarded-proto", "https")], "https://localhost/me"),
        ] {
            let all: Vec<_> = headers.iter().copied().chain([("sec-fetch-dest", "document")]).collect();
            let page = send(address, "GET", "/me", &all).await;
            let location = url::Url::parse(page.header("location").unwrap()).unwrap();
            let redirect = location.query_pairs().find(|(name, _)| name == "redirect_url").unwrap().1.into_owned();
            assert_eq!(redirect, back, "{framework:?} {headers:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_header_is_not_renewed_with_another_users_cookie() {
    let local = instance().await;
    let expired = local.token("alice").unwrap().expired(Duration::from_secs(60)).mint();
    let bob = local.user("bob").unwrap().id;
    let suffix = local.publishable_key().cookie_suffix();
    let cookies = format!("{}; __refresh_{suffix}=r", cookies(&local.token("bob").unwrap().mint()));
    for framework in FRAMEWORKS {
        let address = framework.serve(clerk(&local)).await;
        let headers = [("authorization", &*format!("Bearer {expired}")), ("cookie", &*cookies)];
        let response = send(address, "GET", "/maybe", &headers).await;
        assert_ne!(response.body, bob, "{framework:?} {response:?}");
    }
}
