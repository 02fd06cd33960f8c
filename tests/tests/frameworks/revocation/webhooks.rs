//! Revocations by webhooks, sent by an instance or by hand: late, repeated, out of order, forged.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use clerk_core::{
    Clerk,
    browser::EndReason,
    revocation::{InMemoryRevocations, RevocationStore, StalePolicy},
    time::{Clock, ManualClock, SystemClock, Timestamp},
};
use clerk_local::LocalClerk;
use clerk_stores::RedisRevocations;
use clerk_tests::{
    harness,
    redis::Redis,
    webhooks::{Delivery, FRAMEWORKS, Framework, Work},
};
use clerk_webhook::{InMemoryDedupe, WebhookEndpoint, WebhookSigningSecret};
use serde_json::{Value, json};

use super::{get, status};

/// A service that gets its instance's webhooks.
struct Service {
    local: LocalClerk,
    clerk: Clerk,
    clock: Arc<dyn Clock>,
    secret: WebhookSigningSecret,
    app: SocketAddr,
    webhooks: SocketAddr,
    work: Work,
}

impl Service {
    async fn start(framework: Framework, clock: Arc<dyn Clock>, store: Arc<dyn RevocationStore>) -> Self {
        Self::with(framework, clock, store, |endpoint| endpoint).await
    }

    async fn with(
        framework: Framework,
        clock: Arc<dyn Clock>,
        store: Arc<dyn RevocationStore>,
        configure: impl FnOnce(WebhookEndpoint) -> WebhookEndpoint,
    ) -> Self {
        let local = LocalClerk::builder().clock(Arc::clone(&clock)).webhook_retries([]).start().await.unwrap();
        let secret: WebhookSigningSecret = local.webhook_signing_secret().parse().unwrap();
        let clerk = local.clerk_builder().unwrap().revocation(store).build().unwrap();
        let endpoint = configure(WebhookEndpoint::new(&clerk).unwrap().revocations(&clerk));
        let (webhooks, work) = framework.serve(endpoint);
        local.add_webhook_endpoint(&format!("http://{webhooks}/webhooks")).unwrap();
        let app = match framework {
            Framework::Actix => harness::Framework::Actix,
            Framework::Axum => harness::Framework::Axum,
            Framework::Tower => harness::Framework::Tower,
        };
        let app = app.serve(clerk.clone()).await;
        Self { local, clerk, clock, secret, app, webhooks, work }
    }

    /// Waits until the service has responded to all messages, and checks that each response has this status.
    async fn wait_for_responses(&self, status: u16) {
        let all = async {
            loop {
                let messages = self.local.webhook_messages();
                let statuses = messages.iter().map(|message| message.attempts().last().map(|attempt| attempt.status()));
                if statuses.clone().all(|actual| actual.is_some()) {
                    assert!(statuses.clone().all(|actual| actual == Some(Some(status))), "{messages:#?}");
                    return;
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), all).await.expect("all responses within 10 s");
    }

    fn token(&self, user: &str, session: &str) -> String {
        self.local.token(user).unwrap().session_id(session).mint()
    }

    /// Delivers an event that happened at that time; returns the status of the response.
    async fn deliver(&self, id: &str, name: &str, at: Timestamp, data: &Value) -> u16 {
        let body = json!({"type": name, "object": "event", "timestamp": at.unix_millis(), "data": data}).to_string();
        Delivery::signed(&self.secret, id, self.clock.now(), &body).deliver(self.webhooks).await.status
    }
}

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(Timestamp::from_unix_seconds(1_768_478_400)))
}

fn in_memory() -> Arc<InMemoryRevocations> {
    Arc::new(InMemoryRevocations::new())
}

#[tokio::test]
async fn sessions_that_end_at_the_instance_are_refused() {
    for framework in FRAMEWORKS {
        let service = Service::start(framework, clock(), in_memory()).await;
        let (local, app) = (&service.local, service.app);
        type End = fn(&LocalClerk, &str);
        let ends: [(&str, End); 4] = [
            ("alice", |local, session| local.end_session(session)),
            ("alice", |local, session| local.revoke_session(session)),
            ("alice", |local, _| local.ban_user("alice").unwrap()),
            ("carol", |local, _| local.delete_user("carol").unwrap()),
        ];
        for (number, (user, end)) in ends.into_iter().enumerate() {
            let session = local.sign_in(user).unwrap();
            let (token, others) = (service.token(user, &session), service.token("dave", "sess_daves"));
            assert_eq!(status(app, "/me", &token).await, 200, "{framework:?} {number}");
            let verified = service.clerk.verify_session_token(&token).await.unwrap();
            let socket = tokio::spawn(service.clerk.session_end(&verified));
            end(local, &session);
            service.wait_for_responses(204).await;
            assert_eq!(status(app, "/me", &token).await, 401, "{framework:?} {number}");
            let reason = tokio::time::timeout(Duration::from_secs(10), socket).await.expect("an end").unwrap();
            assert_eq!(reason, EndReason::Ended);
            assert_eq!(get(app, "/maybe", &others).await.status, 200);
        }
        assert!(!service.work.handled().is_empty(), "the application's handler gets the events, too");
    }
}

/// A stranger can lock a user with wrong passwords, so that ends no session unless the service asks for it.
#[tokio::test]
async fn barred_users_are_signed_out_and_locked_ones_are_not() {
    for framework in FRAMEWORKS {
        let clock = clock();
        let service = Service::start(framework, clock.clone(), in_memory()).await;
        let bob = service.local.user("bob").unwrap().id;
        let user = |flag: &str| json!({"id": bob, "banned": false, "locked": false, flag: true});
        let member = |flag: &str| {
            let user = json!({"user_id": bob, flag: true});
            json!({"organization": {"id": "org_other"}, "public_user_data": user})
        };
        for (number, (name, data, expected)) in [
            ("user.updated", user("locked"), 200),
            ("organizationMembership.updated", member("locked"), 200),
            ("user.updated", user("deprovisioned"), 401),
            ("user.updated", user("banned"), 401),
            ("organizationMembership.updated", member("deprovisioned"), 401),
        ]
        .into_iter()
        .enumerate()
        {
            let token = service.token("bob", &format!("sess_{number}"));
            assert_eq!(status(service.app, "/me", &token).await, 200, "{framework:?} {name} {data}");
            assert_eq!(service.deliver(&format!("msg_{number}"), name, clock.now(), &data).await, 204);
            assert_eq!(status(service.app, "/me", &token).await, expected, "{framework:?} {name} {data}");
            clock.advance(Duration::from_secs(1));
        }
    }
}

#[tokio::test]
async fn a_removed_member_stays_signed_in() {
    for framework in FRAMEWORKS {
        let clock = clock();
        let service = Service::start(framework, clock.clone(), in_memory()).await;
        let token = service.token("bob", "sess_1");
        assert_eq!(status(service.app, "/organization", &token).await, 200, "{framework:?}");
        service.local.remove_member("bob", "acme").unwrap();
        service.wait_for_responses(204).await;
        assert_eq!(status(service.app, "/organization", &token).await, 403, "{framework:?}");
        assert_eq!(status(service.app, "/me", &token).await, 200, "{framework:?}");
        clock.advance(Duration::from_secs(1));
        service.local.add_member("bob", "acme", "org:member", &[]).unwrap();
        service.wait_for_responses(204).await;
        assert_eq!(status(service.app, "/organization", &service.token("bob", "sess_1")).await, 200, "{framework:?}");
        assert_eq!(status(service.app, "/organization", &token).await, 403, "{framework:?}: the old token");
    }
}

#[tokio::test]
async fn late_and_repeated_events_apply_to_sessions_of_their_time_only() {
    for framework in FRAMEWORKS {
        let clock = clock();
        let service = Service::start(framework, clock.clone(), in_memory()).await;
        let (bob, banned_at) = (service.local.user("bob").unwrap().id, clock.now());
        let before = service.token("bob", "sess_1");
        clock.advance(Duration::from_secs(10));
        let after = service.token("bob", "sess_2");
        let banned = json!({"id": bob, "banned": true, "locked": false});
        let unbanned = json!({"id": bob, "banned": false, "locked": false});
        let second = Duration::from_secs(1);
        for (id, at, data) in [
            ("msg_2", banned_at + second, &unbanned),
            ("msg_1", banned_at, &banned),
            ("msg_1", banned_at, &banned),
            ("msg_2", banned_at + second, &unbanned),
        ] {
            assert_eq!(service.deliver(id, "user.updated", at, data).await, 204, "{framework:?}");
        }
        assert_eq!(status(service.app, "/me", &before).await, 401, "{framework:?}");
        assert_eq!(status(service.app, "/me", &after).await, 200, "{framework:?}: signed in after the ban");
        // So late that it is not remembered.
        let (session, long_ago) = (json!({"id": "sess_2"}), clock.now() - Duration::from_secs(25 * 3600));
        assert_eq!(service.deliver("msg_3", "session.ended", long_ago, &session).await, 204);
        assert_eq!(status(service.app, "/me", &after).await, 200, "{framework:?}");
        assert_eq!(service.deliver("msg_4", "session.ended", clock.now(), &session).await, 204);
        assert_eq!(status(service.app, "/me", &after).await, 401, "{framework:?}");
    }
}

#[tokio::test]
async fn forged_events_are_refused_and_a_failing_handler_does_not_stop_a_revocation() {
    for framework in FRAMEWORKS {
        let clock = clock();
        let service = Service::start(framework, clock.clone(), in_memory()).await;
        let token = service.token("alice", "sess_1");
        let body = json!({"type": "session.ended", "timestamp": clock.now().unix_millis(), "data": {"id": "sess_1"}});
        let other: WebhookSigningSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse().unwrap();
        let forged = Delivery::signed(&other, "msg_1", clock.now(), &body.to_string());
        assert_eq!(forged.deliver(service.webhooks).await.status, 400, "{framework:?}");
        let old = clock.now() - Duration::from_secs(3600);
        let replayed = Delivery::signed(&service.secret, "msg_1", old, &body.to_string());
        assert_eq!(replayed.deliver(service.webhooks).await.status, 400, "{framework:?}");
        assert_eq!(status(service.app, "/me", &token).await, 200, "{framework:?}");
        service.work.fail(1);
        let data = json!({"id": "sess_1"});
        assert_eq!(service.deliver("msg_1", "session.ended", clock.now(), &data).await, 500, "{framework:?}");
        assert_eq!(status(service.app, "/me", &token).await, 401, "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_could_not_be_stored_are_delivered_again() {
    for framework in FRAMEWORKS {
        let Some(mut redis) = Redis::start() else { return };
        let store = |url: &str| Arc::new(RedisRevocations::open(url, StalePolicy::Accept).unwrap());
        let (here, there) = (store(&redis.url()), store(&redis.url()));
        let configure = |endpoint: WebhookEndpoint| endpoint.dedupe(InMemoryDedupe::default());
        let service = Service::with(framework, Arc::new(SystemClock), here.clone(), configure).await;
        let other = service.local.clerk_builder().unwrap().revocation(there.clone()).build().unwrap();
        let ready = async { tokio::join!(here.ready(), there.ready()) };
        tokio::time::timeout(Duration::from_secs(10), ready).await.expect("a connection");
        let token = service.token("alice", "sess_1");
        assert!(other.verify_session_token(&token).await.is_ok());
        redis.kill();
        let (data, at) = (json!({"id": "sess_1"}), SystemClock.now());
        for _ in 0..2 {
            assert_eq!(service.deliver("msg_1", "session.revoked", at, &data).await, 503, "{framework:?}");
        }
        assert!(service.work.handled().is_empty(), "{framework:?}");
        assert_eq!(status(service.app, "/me", &token).await, 401, "{framework:?}: revoked in this process anyway");
        redis.restart();
        let delivered = async {
            while service.deliver("msg_1", "session.revoked", at, &data).await != 204 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            while other.verify_session_token(&token).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(15), delivered).await.expect("revoked in the other process");
        assert_eq!(service.deliver("msg_1", "session.revoked", at, &data).await, 200, "{framework:?}: handled before");
        assert_eq!(service.work.handled().len(), 1, "{framework:?}");
    }
}
