//! Several processes that share a real Redis, which is killed, restarted without its data, and suspended.

use std::{error::Error, net::SocketAddr, sync::Arc, time::Duration};

use clerk_core::{
    Authenticator, Clerk, ClerkBuilder,
    revocation::{RevocationErrorKind, RevocationStore, Revoked, StalePolicy},
    time::{Clock, ManualClock, SystemClock, Timestamp},
};
use clerk_local::LocalClerk;
use clerk_stores::RedisRevocations;
use clerk_tests::{
    harness::{FRAMEWORKS, Framework},
    redis::{Redis, eventually},
};

use super::{get, status};

/// One process of the service.
pub(super) struct Process {
    pub(super) clerk: Clerk,
    pub(super) store: Arc<RedisRevocations>,
    pub(super) closed: SocketAddr,
    pub(super) open: SocketAddr,
}

impl Process {
    pub(super) async fn start(local: &LocalClerk, url: &str, framework: Framework) -> Self {
        let store = RedisRevocations::open(url, StalePolicy::Refuse).unwrap();
        Self::with(local.clerk_builder().unwrap(), store, framework).await
    }

    async fn with(builder: ClerkBuilder, store: RedisRevocations, framework: Framework) -> Self {
        let store = Arc::new(store);
        let clerk = builder.revocation(store.clone()).build().unwrap();
        let open = Authenticator::new(clerk.clone()).stale_revocations(StalePolicy::Accept);
        let (closed, open) = (framework.serve(clerk.clone()).await, framework.serve(open).await);
        Self { clerk, store, closed, open }
    }

    pub(super) async fn wait_until_connected(&self) {
        tokio::time::timeout(Duration::from_secs(60), self.store.ready()).await.expect("a connection");
    }

    pub(super) async fn revoke(&self, session: &str) -> Result<(), clerk_core::revocation::RevocationError> {
        self.clerk.revoked(Revoked::session(session), SystemClock.now()).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_takes_effect_in_all_processes() {
    for framework in FRAMEWORKS {
        let Some(redis) = Redis::start() else { return };
        let local = LocalClerk::start().await.unwrap();
        let [a, b] = [
            Process::start(&local, &redis.url(), framework).await,
            Process::start(&local, &redis.url(), framework).await,
        ];
        a.wait_until_connected().await;
        b.wait_until_connected().await;
        let token = |session| local.token("alice").unwrap().session_id(session).mint();
        let (one, two, other) = (token("sess_1"), token("sess_2"), token("sess_3"));
        assert_eq!(status(b.closed, "/me", &one).await, 200, "{framework:?}");
        let end = b.clerk.session_end(&b.clerk.verify_session_token(&two).await.unwrap());
        a.clerk.revoke_session("sess_1").await.unwrap();
        eventually("ended in b", async || status(b.closed, "/me", &one).await == 401).await;
        assert_eq!(status(a.closed, "/me", &one).await, 401, "{framework:?}");
        a.revoke("sess_2").await.unwrap();
        let reason = tokio::time::timeout(Duration::from_secs(10), end).await.expect("connections in b end, too");
        assert_eq!(reason.as_str(), "session ended");
        let later = Process::start(&local, &redis.url(), framework).await;
        later.wait_until_connected().await;
        assert_eq!(status(later.closed, "/me", &one).await, 401, "{framework:?}: loaded at the start");
        assert_eq!(status(later.closed, "/me", &other).await, 200, "{framework:?}");

        let organization = get(b.closed, "/organization", &other).await.body;
        let alice = local.user("alice").unwrap().id;
        a.clerk.revoked(Revoked::membership(&*alice, organization), SystemClock.now()).await.unwrap();
        eventually("no member", async || status(b.closed, "/organization", &other).await == 403).await;
        a.clerk.revoked(Revoked::user(alice), SystemClock.now()).await.unwrap();
        eventually("no user", async || status(b.closed, "/me", &other).await == 401).await;
    }
}

/// Process `a` revokes, and `b` must refuse the same tokens until these expire, although the two have been configured with
/// other lifetimes than the instance's ten minutes, and one of their clocks is 5 s ahead or behind.
#[tokio::test(flavor = "multi_thread")]
async fn processes_with_other_lifetimes_and_clocks_refuse_the_same_tokens() {
    const APART: Duration = Duration::from_secs(5);
    const LIFETIME: Duration = Duration::from_secs(600);
    let local = LocalClerk::start().await.unwrap();
    let Some(redis) = Redis::start() else { return };
    let shifts: [fn(Timestamp) -> Timestamp; 3] = [|now| now, |now| now + APART, |now| now - APART];
    let minute = Duration::from_secs(60);
    for framework in FRAMEWORKS {
        for (a_shift, b_shift, a_lifetime, b_lifetime) in [
            (0, 0, minute, LIFETIME),
            (0, 0, LIFETIME, minute),
            (1, 0, minute, LIFETIME),
            (2, 0, minute, LIFETIME),
            (0, 1, LIFETIME, minute),
            (0, 2, minute, LIFETIME),
        ] {
            let name = format!("{framework:?}-{a_shift}-{b_shift}-{}", a_lifetime.as_secs());
            let token = |user, session| local.token(user).unwrap().session_id(session).lifetime(LIFETIME);
            let (user, member) = (token("alice", "sess_1").mint(), token("bob", "sess_2").mint());
            let (ended, other) = (token("bob", "sess_3").mint(), token("bob", "sess_4").mint());
            let now = SystemClock.now();
            let start = async |shift: usize, lifetime| {
                let clock = Arc::new(ManualClock::new(shifts[shift](now)));
                let builder = local.clerk_builder().unwrap().clock(clock.clone()).session_token_lifetime(lifetime);
                let store = RedisRevocations::builder(StalePolicy::Refuse).prefix(&name).open(&redis.url()).unwrap();
                let process = Process::with(builder, store, framework).await;
                process.wait_until_connected().await;
                (process, clock)
            };
            let ((a, a_clock), (b, b_clock)) = (start(a_shift, a_lifetime).await, start(b_shift, b_lifetime).await);
            for good in [&user, &member, &ended] {
                assert_eq!(status(b.closed, "/me", good).await, 200, "{name}");
            }
            let organization = get(b.closed, "/organization", &member).await.body;
            let (alice, bob) = (local.user("alice").unwrap().id, local.user("bob").unwrap().id);
            a.clerk.revoked(Revoked::user(alice), a_clock.now()).await.unwrap();
            a.clerk.revoked(Revoked::membership(bob, organization), a_clock.now()).await.unwrap();
            a.clerk.revoked(Revoked::session("sess_3"), a_clock.now()).await.unwrap();
            eventually("ended in b", async || status(b.closed, "/me", &ended).await == 401).await;
            // Until one second before the tokens expire.
            for step in [0, 55, 240, 300].map(Duration::from_secs) {
                b_clock.advance(step);
                assert_eq!(status(b.closed, "/me", &user).await, 401, "{name}: user, after {step:?}");
                assert_eq!(status(b.closed, "/me", &ended).await, 401, "{name}: session, after {step:?}");
                assert_eq!(status(b.closed, "/organization", &member).await, 403, "{name}: member, after {step:?}");
                assert_eq!(status(b.closed, "/me", &other).await, 200, "{name}: not revoked");
            }
            // Signed in again, later than the clocks can differ.
            let again = token("alice", "sess_5").issued_at(now + 4 * APART).mint();
            assert_eq!(status(b.closed, "/me", &again).await, 200, "{name}: signed in again");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn revoked_sessions_stay_revoked_when_redis_loses_its_data() {
    for framework in FRAMEWORKS {
        let Some(mut redis) = Redis::start() else { return };
        let local = LocalClerk::start().await.unwrap();
        let [a, b] = [
            Process::start(&local, &redis.url(), framework).await,
            Process::start(&local, &redis.url(), framework).await,
        ];
        let token = |session| local.token("alice").unwrap().session_id(session).mint();
        let (before, during, good) = (token("sess_before"), token("sess_during"), token("sess_good"));
        a.wait_until_connected().await;
        b.wait_until_connected().await;
        a.revoke("sess_before").await.unwrap();
        eventually("ended in b", async || status(b.closed, "/me", &before).await == 401).await;

        redis.kill();
        for process in [&a, &b] {
            eventually("stale", async || process.store.is_stale()).await;
            let refused = get(process.closed, "/me", &good).await;
            assert_eq!((refused.status, refused.header("retry-after")), (503, Some("1")), "{framework:?}");
            assert_eq!(status(process.open, "/me", &good).await, 200, "{framework:?}");
            for address in [process.open, process.closed] {
                assert_eq!(status(address, "/me", &before).await, 401, "{framework:?}");
            }
        }
        let error = a.revoke("sess_during").await.unwrap_err();
        assert_eq!(error.kind(), RevocationErrorKind::Store);
        assert!(error.source().is_some());
        assert_eq!(status(a.open, "/me", &during).await, 401, "{framework:?}: revoked in this process");

        redis.restart();
        a.wait_until_connected().await;
        b.wait_until_connected().await;
        eventually("the failed revocation is repeated", async || status(b.open, "/me", &during).await == 401).await;
        let fresh = Process::start(&local, &redis.url(), framework).await;
        fresh.wait_until_connected().await;
        for process in [&a, &b, &fresh] {
            assert_eq!(status(process.closed, "/me", &good).await, 200, "{framework:?}");
            for revoked in [&before, &during] {
                assert_eq!(status(process.closed, "/me", revoked).await, 401, "{framework:?}: still revoked");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_redis_makes_the_store_stale() {
    let Some(redis) = Redis::start() else { return };
    let local = LocalClerk::start().await.unwrap();
    let process = Process::start(&local, &redis.url(), Framework::Axum).await;
    let good = local.token("alice").unwrap().mint();
    process.wait_until_connected().await;
    assert_eq!(status(process.closed, "/me", &good).await, 200);
    redis.suspend(true);
    let suspended = std::time::Instant::now();
    eventually("stale", async || process.store.is_stale()).await;
    assert!(suspended.elapsed() < Duration::from_secs(5));
    assert_eq!(status(process.closed, "/me", &good).await, 503);
    assert_eq!(status(process.open, "/me", &good).await, 200);
    redis.suspend(false);
    process.wait_until_connected().await;
    assert_eq!(status(process.closed, "/me", &good).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_the_store_is_stale_and_shows_no_password() {
    let refused = RedisRevocations::open("https://secret-password@example.com", StalePolicy::Refuse).unwrap_err();
    assert!(!format!("{refused:?} {refused}").contains("secret-password"));
    let store = RedisRevocations::open("redis://:secret-password@127.0.0.1:1", StalePolicy::Accept).unwrap();
    assert!(store.is_stale());
    let revocation = clerk_core::revocation::Revocation::new(
        Revoked::session("sess_1"),
        SystemClock.now(),
        SystemClock.now() + Duration::from_secs(70),
    );
    let error = store.revoke(revocation, SystemClock.now()).await.unwrap_err();
    assert!(!format!("{store:?} {error:?} {error} {:?}", error.source()).contains("secret-password"));
}
