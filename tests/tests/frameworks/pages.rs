//! Pages in a browser, followed through every redirect, in all three frameworks.

use std::{
    fmt,
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use clerk_core::{
    Authenticator,
    browser::OrganizationSync,
    time::{Clock, ManualClock, Timestamp},
};
use clerk_local::LocalClerk;
use clerk_tests::{
    browser::{Browser, Page},
    harness::{FRAMEWORKS, Framework},
};

async fn instance() -> (LocalClerk, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new(Timestamp::from_unix_seconds(1_768_478_400)));
    (LocalClerk::builder().clock(clock.clone()).start().await.unwrap(), clock)
}

/// An app whose routes are pages.
async fn app(framework: Framework, local: &LocalClerk) -> String {
    let clerk = local.clerk_builder().unwrap().build().unwrap();
    at(framework.serve(Authenticator::new(clerk).pages().unwrap()).await)
}

fn at(address: SocketAddr) -> String {
    format!("http://localhost:{}", address.port())
}

async fn sign_in(browser: &mut Browser, local: &LocalClerk, user: &str, target: &str) -> Page {
    let target: String = url::form_urlencoded::byte_serialize(target.as_bytes()).collect();
    let form = format!("user_id={user}&redirect_url={target}");
    browser.submit(&format!("{}/sign-in", local.frontend_api_url()), &form).await
}

fn handshakes(page: &Page) -> usize {
    page.hops.iter().filter(|(status, location)| *status == 307 && location.contains("/v1/client/handshake?")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_without_cookies_needs_one_handshake() {
    for framework in FRAMEWORKS {
        let (local, _clock) = instance().await;
        let app = app(framework, &local).await;
        let mut browser = Browser::default();
        let page = browser.open(&format!("{app}/maybe?tab=1")).await;
        assert_eq!((page.status, &*page.body, handshakes(&page)), (200, "signed out", 1), "{framework:?} {page:?}");
        assert_eq!(page.url.as_str(), format!("{app}/maybe?tab=1"), "no parameter stays in the URL");
        let again = browser.open(&format!("{app}/maybe")).await;
        assert_eq!((&*again.body, again.hops.len()), ("signed out", 0), "{framework:?}");
        let protected = browser.open(&format!("{app}/me")).await;
        let sign_in = format!("{}/sign-in?redirect_url=", local.frontend_api_url());
        assert!(protected.url.as_str().starts_with(&sign_in), "{framework:?} {protected:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_and_expired_session_cookies_are_renewed() {
    for framework in FRAMEWORKS {
        let (local, clock) = instance().await;
        let app = app(framework, &local).await;
        let alice = local.user("alice").unwrap().id;
        let mut browser = Browser::default();
        let me = format!("{app}/me");
        let first = sign_in(&mut browser, &local, "alice", &me).await;
        assert_eq!((first.status, &first.body), (200, &alice), "{framework:?} {first:?}");

        browser.delete_cookies("__session");
        let lost = browser.open(&me).await;
        assert_eq!((&lost.body, handshakes(&lost), lost.url.as_str()), (&alice, 1, &*me), "{framework:?} {lost:?}");

        clock.advance(Duration::from_secs(120));
        let refreshed = browser.open(&me).await;
        assert_eq!((&refreshed.body, refreshed.hops.len()), (&alice, 0), "{framework:?} {refreshed:?}");
        assert_eq!(local.refresh_requests(), 1);
        assert_eq!(browser.open(&me).await.body, alice);
        assert_eq!(local.refresh_requests(), 1, "the browser has the new cookies");

        clock.advance(Duration::from_secs(120));
        browser.delete_cookies("__refresh");
        let expired = browser.open(&me).await;
        assert_eq!((&expired.body, handshakes(&expired)), (&alice, 1), "{framework:?} {expired:?}");

        clock.advance(Duration::from_secs(120));
        local.end_sessions();
        let ended = browser.open(&me).await;
        assert!(ended.url.path() == "/sign-in" && handshakes(&ended) == 1, "{framework:?} {ended:?}");
    }
}

/// A clock that moves 10 s with each call to Clerk, which is more than the clock skew.
struct MovingClock {
    start: ManualClock,
    calls: OnceLock<Box<dyn Fn() -> usize + Send + Sync>>,
}

impl Clock for MovingClock {
    fn now(&self) -> Timestamp {
        let calls = self.calls.get().map_or(0, |calls| calls());
        self.start.now() + Duration::from_secs(10) * u32::try_from(calls).unwrap()
    }
}

impl fmt::Debug for MovingClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MovingClock").finish_non_exhaustive()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_is_read_again_after_each_fetch() {
    for framework in FRAMEWORKS {
        let start = ManualClock::new(Timestamp::from_unix_seconds(1_768_478_400));
        let clock = Arc::new(MovingClock { start, calls: OnceLock::new() });
        let local = Arc::new(LocalClerk::builder().clock(clock.clone()).start().await.unwrap());
        let counted = Arc::clone(&local);
        let count = move || counted.jwks_requests() + counted.refresh_requests();
        assert!(clock.calls.set(Box::new(count)).is_ok());
        let app = app(framework, &local).await;
        let alice = local.user("alice").unwrap().id;
        let mut browser = Browser::default();
        let me = format!("{app}/me");

        // The keys arrive after the first look at the clock. Read with the time of that look, they would come from the
        // future and be fetched again.
        assert_eq!(sign_in(&mut browser, &local, "alice", &me).await.body, alice, "{framework:?}");
        assert_eq!(local.jwks_requests(), 1, "{framework:?}");

        // The same holds for a refreshed token, which would be issued in the future.
        clock.start.advance(Duration::from_secs(120));
        let refreshed = browser.open(&me).await;
        assert_eq!((&refreshed.body, refreshed.hops.len()), (&alice, 0), "{framework:?} {refreshed:?}");
        assert_eq!((local.refresh_requests(), local.jwks_requests()), (1, 1), "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_another_instance_lead_to_an_error_page() {
    for framework in FRAMEWORKS {
        let (local, _clock) = instance().await;
        let (other, _other_clock) = instance().await;
        let builder = local.clerk_builder().unwrap().secret_key(other.secret_key().clone());
        let clerk = builder.api_url(other.backend_api_url()).unwrap().build().unwrap();
        let app = at(framework.serve(Authenticator::new(clerk).pages().unwrap()).await);
        let mut browser = Browser::default();
        let page = sign_in(&mut browser, &local, "alice", &format!("{app}/me")).await;
        if page.status == 401 || page.url.path() == "/sign-in" {
            // The other instance does not have the token's key: signed out, and no loop.
            browser.delete_cookies("__session");
        }
        let page = browser.open(&format!("{app}/me")).await;
        assert_eq!(page.status, 500, "{framework:?} {page:?}");
        assert!(page.body.contains("CLERK_SECRET_KEY and CLERK_PUBLISHABLE_KEY"), "{framework:?} {page:?}");
        assert!(page.hops.len() <= 12 && handshakes(&page) == 3, "{framework:?} {page:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_organization_activates_it() {
    for framework in FRAMEWORKS {
        let (local, _clock) = instance().await;
        let sync = OrganizationSync::new().organization_patterns(["/:slug"]).unwrap();
        let clerk = local.clerk_builder().unwrap().build().unwrap();
        let authenticator = Authenticator::new(clerk).pages().unwrap();
        let not_synced = at(framework.serve(authenticator.clone()).await);
        let synced = at(framework.serve(authenticator.organization_sync(sync)).await);
        let mut browser = Browser::default();
        let first = sign_in(&mut browser, &local, "alice", &format!("{not_synced}/organization")).await;
        assert!(first.body.starts_with("org_acme"), "{framework:?} {first:?}");
        // Alice is not a member of this organization: the active one stays, and the handshakes stop after three.
        let page = browser.open(&format!("{synced}/organization")).await;
        assert!(page.body.starts_with("org_acme") && handshakes(&page) == 3, "{framework:?} {page:?}");

        let id = local.create_organization("organization", "Organization").id;
        local.add_member("alice", "organization", "org:member", &[]).unwrap();
        browser.delete_cookies("__clerk_redirect_count");
        let page = browser.open(&format!("{synced}/organization")).await;
        assert_eq!((&page.body, handshakes(&page)), (&id, 1), "{framework:?} {page:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_satellite_gets_its_session_from_the_primary_domain() {
    for framework in FRAMEWORKS {
        let (local, _clock) = instance().await;
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let satellite_port = listener.local_addr().unwrap().port();
        let satellite = format!("http://satellite.localhost:{satellite_port}");
        let builder = local.clerk_builder().unwrap().redirect_origins([&satellite]).unwrap();
        let primary = Authenticator::new(builder.build().unwrap()).pages().unwrap();
        let primary = at(framework.serve(primary).await);
        let builder = local.clerk_builder().unwrap().satellite(true).satellite_auto_sync(true);
        let builder = builder.domain("satellite.localhost").unwrap().sign_in_url(&format!("{primary}/maybe")).unwrap();
        let clerk = Authenticator::new(builder.build().unwrap()).pages().unwrap();
        framework.serve_on(listener, clerk).await;

        let mut browser = Browser::default();
        let alice = local.user("alice").unwrap().id;
        assert_eq!(sign_in(&mut browser, &local, "alice", &format!("{primary}/me")).await.body, alice);
        let page = browser.open(&format!("{satellite}/me")).await;
        assert_eq!((page.status, &page.body), (200, &alice), "{framework:?} {page:?}");
        assert!(browser.has_cookie("satellite.localhost", "__session"), "{framework:?}");
        let redirected = page.hops.iter().any(|(_, location)| location.contains("__clerk_redirect_url="));
        assert!(redirected && handshakes(&page) == 1, "{framework:?} {page:?}");

        let hostile = format!("{primary}/maybe?__clerk_redirect_url=http%3A%2F%2Fevil.localhost%3A1%2F");
        let page = browser.open(&hostile).await;
        assert_eq!((page.status, page.hops.len()), (200, 0), "{framework:?} {page:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_never_redirects() {
    for framework in FRAMEWORKS {
        let (local, _clock) = instance().await;
        let app = at(framework.serve(local.clerk_builder().unwrap().build().unwrap()).await);
        let mut browser = Browser::default();
        for path in ["/me", "/me?__clerk_handshake_nonce=x", "/me?__clerk_handshake=x", "/me?__clerk_redirect_url=x"] {
            let page = browser.open(&format!("{app}{path}")).await;
            assert_eq!((page.status, page.hops.len()), (401, 0), "{framework:?} {path} {page:?}");
        }
        assert_eq!(local.handshake_requests(), 0);
    }
}
