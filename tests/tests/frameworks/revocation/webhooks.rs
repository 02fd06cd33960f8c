//! Revocations that webhooks bring, from an instance that sends them and by hand: late, repeated, out of order, forged.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use clerk_core::{
    Clerk, WebhookEndpoint, WebhookSigningSecret,
    revocation::{InMemoryRevocations, RedisRevocations, RevocationStore, WhenStale},
    session_end::EndReason,
    time::{Clock, ManualClock, SystemClock, Timestamp},
    webhook::InMemoryDedupe,
};
use clerk_local::LocalClerk;
use clerk_tests::{
    harness,
    redis::Redis,
    webhooks::{Delivery, FRAMEWORKS, Framework, Work},
};
use serde_json::{Value, json};

use super::{get, status};

/// A service that its instance tells of what happens.
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

    /// Waits until every message was answered so.
    async fn told(&self, status: u16) {
        let all = async {
            loop {
                let messages = self.local.webhook_messages();
                let answers = messages.iter().map(|message| message.attempts().last().map(|attempt| attempt.status()));
                if answers.clone().all(|answer| answer.is_some()) {
                    assert!(answers.clone().all(|answer| answer == Some(Some(status))), "{messages:#?}");
                    return;
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), all).await.expect("answers");
    }

    fn token(&self, user: &str, session: &str) -> String {
        self.local.token(user).unwrap().session_id(session).mint()
    }

    /// Delivers an event that happened at that time; the status of the answer.
    async fn deliver(&self, id: &str, name: &str, at: Timestamp, data: &Value) -> u16 {
        let body = json!({"type": name, "object": "event", "timestamp": at.unix_millis(), "data": data}).to_string();
        Delivery::signed(&self.secret, id, self.clock.now(), &body).deliver(self.webhooks).await.status
    }
}

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(Timestamp::from_unix_seconds(1_768_478_400)))
}

fn memory() -> Arc<InMemoryRevocations> {
    Arc::new(InMemoryRevocations::new())
}

#[tokio::test]
async fn what_ends_at_the_instance_ends_here() {
    for framework in FRAMEWORKS {
        let service = Service::start(framework, clock(), memory()).await;
        let (local, app) = (&service.local, service.app);
        type End = fn(&LocalClerk, &str);
        let endings: [(&str, End); 5] = [
            ("alice", |local, session| local.end_session(session)),
            ("alice", |local, session| local.revoke_session(session)),
            ("alice", |local, _| local.ban_user("alice").unwrap()),
            ("bob", |local, _| local.lock_user("bob").unwrap()),
            ("carol", |local, _| local.delete_user("carol").unwrap()),
        ];
        for (number, (user, end)) in endings.into_iter().enumerate() {
            let session = local.sign_in(user).unwrap();
            let (token, others) = (service.token(user, &session), service.token("dave", "sess_daves"));
            assert_eq!(status(app, "/me", &token).await, 200, "{framework:?} {number}");
            let verified = service.clerk.verify_session_token(&token).await.unwrap();
            let socket = tokio::spawn(service.clerk.session_end(&verified));
            end(local, &session);
            service.told(204).await;
            assert_eq!(status(app, "/me", &token).await, 401, "{framework:?} {number}");
            let reason = tokio::time::timeout(Duration::from_secs(10), socket).await.expect("an end").unwrap();
            assert_eq!(reason, EndReason::Ended);
            assert_eq!(get(app, "/maybe", &others).await.status, 200);
        }
        assert!(!service.work.handled().is_empty(), "the application's own handler hears of them, too");
    }
}

#[tokio::test]
async fn a_membership_ends_and_the_user_stays() {
    for framework in FRAMEWORKS {
        let clock = clock();
        let service = Service::start(framework, clock.clone(), memory()).await;
        let token = service.token("bob", "sess_1");
        assert_eq!(status(service.app, "/organization", &token).await, 200, "{framework:?}");
        service.local.remove_member("bob", "acme").unwrap();
        service.told(204).await;
        assert_eq!(status(service.app, "/organization", &token).await, 403, "{framework:?}");
        assert_eq!(status(service.app, "/me", &token).await, 200, "{framework:?}");
        clock.advance(Duration::from_secs(1));
        service.local.add_member("bob", "acme", "org:member", &[]).unwrap();
        service.told(204).await;
        assert_eq!(status(service.app, "/organization", &service.token("bob", "sess_1")).await, 200, "{framework:?}");
        assert_eq!(status(service.app, "/organization", &token).await, 403, "{framework:?}: the old token");
    }
}

#[tokio::test]
async fn late_and_repeated_news_are_about_what_was_there_then() {
    for framework in FRAMEWORKS {
        let clock = clock();
        let service = Service::start(framework, clock.clone(), memory()).await;
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
        assert_eq!(status(service.app, "/me", &after).await, 200, "{framework:?}: signed in again since");
        // So late that no token of then could still be good.
        let (session, long_ago) = (json!({"id": "sess_2"}), clock.now() - Duration::from_secs(3600));
        assert_eq!(service.deliver("msg_3", "session.ended", long_ago, &session).await, 204);
        assert_eq!(status(service.app, "/me", &after).await, 200, "{framework:?}");
        assert_eq!(service.deliver("msg_4", "session.ended", clock.now(), &session).await, 204);
        assert_eq!(status(service.app, "/me", &after).await, 401, "{framework:?}");
    }
}

#[tokio::test]
async fn nobody_else_ends_a_session_and_a_failing_handler_keeps_none_alive() {
    for framework in FRAMEWORKS {
        let clock = clock();
        let service = Service::start(framework, clock.clone(), memory()).await;
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
async fn what_the_others_could_not_be_told_is_delivered_again() {
    for framework in FRAMEWORKS {
        let Some(mut redis) = Redis::start() else { return };
        let store = |url: &str| Arc::new(RedisRevocations::open(url, WhenStale::Accept).unwrap());
        let (here, there) = (store(&redis.url()), store(&redis.url()));
        let configure = |endpoint: WebhookEndpoint| endpoint.dedupe(InMemoryDedupe::default());
        let service = Service::with(framework, Arc::new(SystemClock), here.clone(), configure).await;
        let other = service.local.clerk_builder().unwrap().revocation(there.clone()).build().unwrap();
        let ready = async { tokio::join!(here.ready(), there.ready()) };
        tokio::time::timeout(Duration::from_secs(10), ready).await.expect("in touch");
        let token = service.token("alice", "sess_1");
        assert!(other.verify_session_token(&token).await.is_ok());
        redis.kill();
        let (data, at) = (json!({"id": "sess_1"}), SystemClock.now());
        for _ in 0..2 {
            assert_eq!(service.deliver("msg_1", "session.revoked", at, &data).await, 503, "{framework:?}");
        }
        assert!(service.work.handled().is_empty(), "{framework:?}");
        assert_eq!(status(service.app, "/me", &token).await, 401, "{framework:?}: here it has ended all the same");
        redis.restart();
        let answer = async {
            while service.deliver("msg_1", "session.revoked", at, &data).await != 204 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            while other.verify_session_token(&token).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(15), answer).await.expect("the other process hears of it");
        assert_eq!(service.deliver("msg_1", "session.revoked", at, &data).await, 200, "{framework:?}: handled before");
        assert_eq!(service.work.handled().len(), 1, "{framework:?}");
    }
}
