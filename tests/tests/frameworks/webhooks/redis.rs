//! Several processes that share the handled messages in a real Redis.

use clerk_core::time::{Clock, SystemClock};
use clerk_stores::RedisDedupe;
use clerk_tests::{
    redis::{Redis, eventually},
    webhooks::{Delivery, FRAMEWORKS, Framework, Work},
};
use clerk_webhook::{WebhookEndpoint, WebhookSigningSecret};

pub(super) struct Process {
    address: std::net::SocketAddr,
    pub(super) work: Work,
}

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

impl Process {
    pub(super) fn start(framework: Framework, url: &str, name: &str) -> Self {
        let store = RedisDedupe::open(url, name).unwrap();
        let endpoint = WebhookEndpoint::with_secrets([SECRET.parse().unwrap()]).unwrap().dedupe(store);
        let (address, work) = framework.serve(endpoint);
        Self { address, work }
    }

    pub(super) async fn deliver(&self, id: &str, event: &str) -> u16 {
        let secret: WebhookSigningSecret = SECRET.parse().unwrap();
        let body = format!(r#"{{"type":"{event}","object":"event","data":{{}}}}"#);
        Delivery::signed(&secret, id, SystemClock.now(), &body).deliver(self.address).await.status
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_handled_once_by_one_process() {
    for framework in FRAMEWORKS {
        let Some(redis) = Redis::start() else { return };
        let [a, b] = [Process::start(framework, &redis.url(), "one"), Process::start(framework, &redis.url(), "one")];
        eventually("connected", async || a.deliver("msg_0", "test.first").await != 503).await;
        let waiting = async || {
            let (status, ()) = tokio::join!(a.deliver("msg_1", "test.waits"), async {
                eventually("claimed", async || !a.work.handled().iter().all(|seen| seen.starts_with("msg_0"))).await;
                assert_eq!(b.deliver("msg_1", "test.waits").await, 409, "{framework:?}: in progress");
                a.work.pass();
            });
            status
        };
        assert_eq!(waiting().await, 204);
        for process in [&a, &b] {
            assert_eq!(process.deliver("msg_1", "test.waits").await, 200, "{framework:?}: handled");
        }
        b.work.fail(1);
        assert_eq!(b.deliver("msg_2", "test.fails").await, 500);
        assert_eq!(a.deliver("msg_2", "test.fails").await, 204, "{framework:?}: the failed claim is released");
        assert_eq!(b.deliver("msg_2", "test.fails").await, 200);
        assert_eq!(b.work.handled().len(), 1, "{framework:?}: only the failed one");
        let other = Process::start(framework, &redis.url(), "another endpoint");
        assert_eq!(other.deliver("msg_2", "test.fails").await, 204, "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_handled_while_redis_is_unreachable() {
    for framework in FRAMEWORKS {
        let Some(mut redis) = Redis::start() else { return };
        let process = Process::start(framework, &redis.url(), "one");
        eventually("connected", async || process.deliver("msg_0", "test.first").await == 204).await;
        redis.kill();
        for _ in 0..2 {
            assert_eq!(process.deliver("msg_1", "test.second").await, 503, "{framework:?}");
        }
        assert_eq!(process.work.handled().len(), 1, "{framework:?}");
        redis.restart();
        eventually("handled after the restart", async || process.deliver("msg_1", "test.second").await == 204).await;
        redis.suspend(true);
        assert_eq!(process.deliver("msg_2", "test.third").await, 503, "{framework:?}: it hangs");
        redis.suspend(false);
        eventually("handled after the suspension", async || process.deliver("msg_3", "test.third").await == 204).await;
    }
}

#[test]
fn debug_and_errors_contain_no_password() {
    let store = RedisDedupe::open("redis://:hunter2@127.0.0.1:1", "one").unwrap();
    assert!(!format!("{store:?}").contains("hunter2"));
    let error = RedisDedupe::open("http://:hunter2@127.0.0.1", "one").unwrap_err();
    assert!(!format!("{error:?} {error}").contains("hunter2"));
}
