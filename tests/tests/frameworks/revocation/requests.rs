//! Responses to requests after a revocation.

use std::{sync::Arc, time::Duration};

use clerk_core::{
    Authenticator,
    revocation::{
        InMemoryRevocations, Revocation, RevocationStatus, RevocationStore, RevokeFuture, Revoked, StalePolicy,
        TokenInfo,
    },
    time::{Clock, Timestamp},
};
use clerk_tests::{browser::Browser, harness::FRAMEWORKS};

use super::{Instance, get, status};

#[tokio::test(flavor = "multi_thread")]
async fn cached_tokens_of_a_revoked_session_are_refused() {
    for framework in FRAMEWORKS {
        let instance = Instance::start().await;
        let address = framework.serve(instance.clerk.clone()).await;
        let [token, other] = ["sess_1", "sess_2"].map(|session| instance.token(session).mint());
        for _ in 0..3 {
            assert_eq!(status(address, "/me", &token).await, 200, "{framework:?}");
        }
        instance.clerk.revoked(Revoked::session("sess_1"), instance.clock.now()).await.unwrap();
        let refused = get(address, "/me", &token).await;
        assert_eq!(refused.status, 401, "{framework:?}");
        assert_eq!(refused.header("x-clerk-auth-reason"), Some("session-revoked"), "{framework:?}");
        assert_eq!(refused.header("www-authenticate"), Some(r#"Bearer error="invalid_token""#), "{framework:?}");
        assert_eq!(get(address, "/maybe", &token).await.body, "signed out", "{framework:?}");
        assert_eq!(status(address, "/me", &instance.token("sess_1").mint()).await, 401, "{framework:?}: not cached");
        assert_eq!(status(address, "/me", &other).await, 200, "{framework:?}");
        // The token would be valid for 65 s; the session stays revoked until the last millisecond.
        instance.clock.advance(Duration::from_millis(64_999));
        assert_eq!(status(address, "/me", &token).await, 401, "{framework:?}");
        assert_eq!(status(address, "/me", &other).await, 200, "{framework:?}: still valid");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_user_can_sign_in_again() {
    for framework in FRAMEWORKS {
        let instance = Instance::start().await;
        let address = framework.serve(instance.clerk.clone()).await;
        let (token, bobs) = (instance.token("sess_1").mint(), instance.local.token("bob").unwrap().mint());
        assert_eq!(status(address, "/me", &token).await, 200);
        instance.clerk.revoked(Revoked::user(instance.alice()), instance.clock.now()).await.unwrap();
        assert_eq!(status(address, "/me", &token).await, 401, "{framework:?}");
        assert_eq!(status(address, "/me", &bobs).await, 200, "{framework:?}");
        let undated = instance.token("sess_3").without("iat").mint();
        assert_eq!(status(address, "/me", &undated).await, 401, "{framework:?}: its age is unknown");
        instance.clock.advance(Duration::from_secs(5));
        assert_eq!(status(address, "/me", &instance.token("sess_2").mint()).await, 401, "{framework:?}: the skew");
        instance.clock.advance(Duration::from_secs(1));
        assert_eq!(status(address, "/me", &instance.token("sess_2").mint()).await, 200, "{framework:?}");
        assert_eq!(status(address, "/me", &token).await, 401, "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_member_stays_signed_in() {
    for framework in FRAMEWORKS {
        let instance = Instance::start().await;
        let address = framework.serve(instance.clerk.clone()).await;
        let token =
            instance.token("sess_1").claim("fea", "o:invoices,u:invoices".into()).claim("pla", "o:pro".into()).mint();
        for path in ["/organization", "/admin", "/policy/organization-feature", "/policy/plan"] {
            assert_eq!(status(address, path, &token).await, 200, "{framework:?} {path}");
        }
        let org_id = get(address, "/organization", &token).await.body;
        let revoked = Revoked::membership(instance.alice(), &*org_id);
        instance.clerk.revoked(revoked, instance.clock.now()).await.unwrap();
        for path in ["/organization", "/admin", "/policy/organization-feature", "/policy/plan"] {
            assert_eq!(status(address, path, &token).await, 403, "{framework:?} {path}");
        }
        for path in ["/me", "/policy/user-feature", "/policy/feature"] {
            assert_eq!(status(address, path, &token).await, 200, "{framework:?} {path}");
        }
        let other_organization = instance.token("sess_1").organization("globex").mint();
        assert_eq!(status(address, "/organization", &other_organization).await, 200, "{framework:?}");
        instance.clock.advance(Duration::from_secs(6));
        assert_eq!(status(address, "/organization", &instance.token("sess_1").mint()).await, 200, "a new membership");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_a_refresh_nor_a_handshake_restores_a_revoked_session() {
    for framework in FRAMEWORKS {
        let instance = Instance::start().await;
        let local = &instance.local;
        let pages = Authenticator::new(instance.clerk.clone()).pages().unwrap();
        let [pages, api] = [framework.serve(pages).await, framework.serve(instance.clerk.clone()).await]
            .map(|address| format!("http://localhost:{}", address.port()));
        let mut browser = Browser::default();
        let target: String = url::form_urlencoded::byte_serialize(format!("{pages}/me").as_bytes()).collect();
        let form = format!("user_id=alice&redirect_url={target}");
        let page = browser.submit(&format!("{}/sign-in", local.frontend_api_url()), &form).await;
        assert_eq!((page.status, page.body), (200, instance.alice()), "{framework:?}");
        instance.clock.advance(Duration::from_secs(120));
        assert_eq!(browser.open(&format!("{api}/me")).await.status, 200, "{framework:?}: refreshed");
        assert_eq!(local.refresh_requests(), 1);

        // The session is revoked in this process only; at Clerk it stays active.
        let sessions = instance.sessions(&instance.alice()).await;
        assert_eq!(sessions.len(), 1);
        instance.clerk.revoked(Revoked::session(&*sessions[0]), instance.clock.now()).await.unwrap();
        assert_eq!(browser.open(&format!("{api}/me")).await.status, 401, "{framework:?}: with the refreshed cookie");
        instance.clock.advance(Duration::from_secs(66));
        assert_eq!(browser.open(&format!("{api}/me")).await.status, 401, "{framework:?}: after another refresh");
        assert_eq!(local.refresh_requests(), 2, "{framework:?}");
        let mut handshaken = browser.clone();
        handshaken.delete_cookies("__session");
        let page = handshaken.open(&format!("{pages}/maybe")).await;
        assert_eq!((page.status, &*page.body), (200, "signed out"), "{framework:?} {page:?}");
        assert!(page.hops.len() < 6, "{framework:?}: no loop");
        assert_eq!(local.handshake_requests(), 1, "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn verify_session_token_and_session_end_follow_revocations() {
    let instance = Instance::start().await;
    let clerk = &instance.clerk;
    let verify = async |token: &str| clerk.verify_session_token(token).await;
    let [one, two] = ["sess_1", "sess_2"].map(|session| instance.token(session).mint());
    let (first, second) = (verify(&one).await.unwrap(), verify(&two).await.unwrap());
    let (ended, mut continued) = (clerk.session_end(&first), clerk.session_end(&second));
    let waiting = tokio::spawn(ended);
    clerk.revoked(Revoked::session("sess_1"), instance.clock.now()).await.unwrap();
    let reason = tokio::time::timeout(Duration::from_secs(10), waiting).await.expect("an end").unwrap();
    assert_eq!(reason.as_str(), "session ended");
    assert!(matches!(verify(&one).await, Err(clerk_core::adapter::VerifyError::Revoked)));
    let late = tokio::time::timeout(Duration::from_secs(10), clerk.session_end(&first)).await;
    assert_eq!(late.expect("ended before it began").as_str(), "session ended");

    instance.clock.advance(Duration::from_secs(6));
    let newer = verify(&instance.token("sess_2").mint()).await.unwrap();
    continued.renew(&newer).unwrap();
    let before = instance.clock.now() - Duration::from_secs(6);
    clerk.revoked(Revoked::user(instance.alice()), before).await.unwrap();
    let quick = tokio::time::timeout(Duration::from_millis(50), &mut continued).await;
    assert!(quick.is_err(), "its newest token was issued after the revocation");
    clerk.revoked(Revoked::user(instance.alice()), instance.clock.now()).await.unwrap();
    let reason = tokio::time::timeout(Duration::from_secs(10), &mut continued).await.expect("an end");
    assert_eq!(reason.as_str(), "session ended");
}

/// A shared store that has lost its connection.
#[derive(Debug, Default)]
struct StaleStore(InMemoryRevocations);

impl RevocationStore for StaleStore {
    fn check(&self, token: &TokenInfo<'_>, now: Timestamp) -> RevocationStatus {
        self.0.check(token, now)
    }

    fn revoke(&self, revocation: Revocation, now: Timestamp) -> RevokeFuture<'_> {
        self.0.revoke(revocation, now)
    }

    fn is_stale(&self) -> bool {
        true
    }

    fn stale_policy(&self) -> StalePolicy {
        StalePolicy::Accept
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_route_may_fail_open_or_closed() {
    for framework in FRAMEWORKS {
        let instance = Instance::with(|builder| builder.revocation(Arc::new(StaleStore::default()))).await;
        let route = |when| Authenticator::new(instance.clerk.clone()).stale_revocations(when);
        let default = framework.serve(instance.clerk.clone()).await;
        let open = framework.serve(route(StalePolicy::Accept)).await;
        let closed = framework.serve(route(StalePolicy::Refuse)).await;
        let [good, revoked] = ["sess_1", "sess_2"].map(|session| instance.token(session).mint());
        instance.clerk.revoked(Revoked::session("sess_2"), instance.clock.now()).await.unwrap();
        for address in [default, open, closed] {
            assert_eq!(status(address, "/me", &revoked).await, 401, "{framework:?}: known to be revoked");
        }
        assert_eq!(status(default, "/me", &good).await, 200, "{framework:?}");
        assert_eq!(status(open, "/me", &good).await, 200, "{framework:?}");
        let refused = get(closed, "/me", &good).await;
        assert_eq!((refused.status, refused.header("retry-after")), (503, Some("1")), "{framework:?}");
        assert_eq!(status(closed, "/maybe", &good).await, 503, "{framework:?}: not signed out");
        assert_eq!(get(closed, "/maybe", "").await.body, "signed out", "{framework:?}: no session to check");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_store_refuses_tokens_whose_state_is_unknown() {
    let instance = Instance::with(|builder| builder.revocation(Arc::new(InMemoryRevocations::with_capacity(1)))).await;
    for framework in FRAMEWORKS {
        let address = framework.serve(instance.clerk.clone()).await;
        let good = instance.token("sess_good").mint();
        for session in ["sess_1", "sess_2"] {
            instance.clerk.revoked(Revoked::session(session), instance.clock.now()).await.unwrap();
        }
        assert_eq!(status(address, "/me", &instance.token("sess_1").mint()).await, 401, "{framework:?}");
        assert_eq!(status(address, "/me", &instance.token("sess_2").mint()).await, 503, "{framework:?}");
        assert_eq!(status(address, "/me", &good).await, 503, "{framework:?}");
        instance.clock.advance(Duration::from_secs(6));
        assert_eq!(
            status(address, "/me", &instance.token("sess_good").mint()).await,
            200,
            "{framework:?}: issued later"
        );
        instance.clock.advance(Duration::from_secs(24 * 60 * 60));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_outlives_the_longest_token() {
    let instance = Instance::start().await;
    let long = |session| instance.token(session).lifetime(Duration::from_secs(600)).mint();
    let verify = async |token: &str| instance.clerk.verify_session_token(token).await.is_ok();
    let (good, revoked) = (long("sess_1"), long("sess_2"));
    instance.clerk.revoked(Revoked::session("sess_2"), instance.clock.now()).await.unwrap();
    instance.clock.advance(Duration::from_secs(604));
    assert!(!verify(&revoked).await && verify(&good).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn late_repeated_unordered_and_future_revocations_do_no_harm() {
    let store = Arc::new(InMemoryRevocations::new());
    let instance = Instance::with(|builder| builder.revocation(store.clone())).await;
    let (clerk, alice, start) = (&instance.clerk, instance.alice(), instance.clock.now());
    let verify = async |token: &str| clerk.verify_session_token(token).await.is_ok();
    let token = instance.token("sess_1").mint();
    let end = clerk.session_end(&clerk.verify_session_token(&token).await.unwrap());
    let day = Duration::from_secs(24 * 60 * 60);
    clerk.revoked(Revoked::session("sess_1"), start - day - Duration::from_secs(10)).await.unwrap();
    tokio::time::timeout(Duration::from_secs(10), end)
        .await
        .expect("an open connection ends after a late revocation, too");
    assert!(store.is_empty() && verify(&token).await, "no claims from before that time are in use any more");
    clerk.revoked(Revoked::user(&*alice), start - day - Duration::from_secs(9)).await.unwrap();
    assert_eq!(store.len(), 1, "claims from before that time may still be in use");
    assert!(verify(&token).await, "these were read later");

    instance.clock.advance(Duration::from_secs(20));
    let newer = instance.token("sess_2").mint();
    for seconds in [10, 0, 10, 5] {
        clerk.revoked(Revoked::user(&*alice), start + Duration::from_secs(seconds)).await.unwrap();
    }
    assert_eq!(store.len(), 1);
    assert!(verify(&newer).await && !verify(&token).await);
    let between = instance.token("sess_3").issued_at(start + Duration::from_secs(13)).mint();
    assert!(!verify(&between).await, "the latest time counts, in any order");

    clerk.revoked(Revoked::user(&*alice), start + Duration::from_secs(3600)).await.unwrap();
    assert!(!verify(&newer).await);
    instance.clock.advance(Duration::from_secs(6));
    assert!(verify(&instance.token("sess_4").mint()).await, "a time in the future counts as now");
}
