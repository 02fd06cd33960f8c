//! Several processes that share the handled messages in a Redis whose master is replaced, by Sentinel or in a cluster.

use clerk_tests::{
    redis::{Cluster, Replicated, Sentinels, eventually},
    webhooks::Framework,
};

use super::redis::Process;

const KEY: &str = "clerk:{webhooks:one}:msg_1";

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_handled_once_when_sentinel_replaces_the_master() {
    let Some(servers) = Sentinels::start() else { return };
    lose_a_master(servers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_handled_once_when_a_cluster_replaces_a_master() {
    let Some(servers) = Cluster::start() else { return };
    lose_a_master(servers).await;
}

/// One process knows a single node of the cluster, which does not hold the messages.
#[tokio::test(flavor = "multi_thread")]
async fn messages_are_handled_once_when_their_slot_moves() {
    let Some(servers) = Cluster::start() else { return };
    let urls = [servers.url_of_other(KEY), servers.url()];
    let [a, b] = urls.map(|url| Process::start(Framework::Axum, &url, "one"));
    eventually("connected", async || a.deliver("msg_0", "test.first").await != 503).await;
    assert_eq!(b.deliver("msg_0", "test.first").await, 200, "handled");
    servers.move_slot(KEY);
    for process in [&a, &b] {
        eventually("the slot is found", async || process.deliver("msg_0", "test.first").await != 503).await;
        assert_eq!(process.deliver("msg_0", "test.first").await, 200, "still handled");
    }
}

async fn lose_a_master(mut servers: impl Replicated) {
    let [a, b] = [(); 2].map(|()| Process::start(Framework::Axum, &servers.url(), "one"));
    eventually("connected", async || a.deliver("msg_1", "test.first").await != 503).await;
    for id in (2..20).map(|number| format!("msg_{number}")) {
        assert_eq!(a.deliver(&id, "test.more").await, 204, "{id}");
        assert_eq!(b.deliver(&id, "test.more").await, 200, "{id}: handled");
    }
    b.work.fail(1);
    assert_eq!(b.deliver("msg_20", "test.fails").await, 500);
    assert_eq!(a.deliver("msg_20", "test.fails").await, 204, "the failed claim is released");

    servers.kill_master(KEY);
    assert_eq!(a.deliver("msg_21", "test.later").await, 503, "not handled without a master");
    eventually("handled by the new master", async || a.deliver("msg_21", "test.later").await == 204).await;
    for process in [&a, &b] {
        for id in ["msg_1", "msg_20", "msg_21"] {
            eventually("connected", async || process.deliver(id, "test.later").await != 503).await;
            assert_eq!(process.deliver(id, "test.later").await, 200, "{id}: still handled");
        }
    }
}
