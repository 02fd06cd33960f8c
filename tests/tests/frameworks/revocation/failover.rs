//! Several processes that share a Redis whose master is replaced, by Sentinel or in a cluster.

use clerk_core::revocation::RevocationStore;
use clerk_local::LocalClerk;
use clerk_tests::{
    harness::Framework,
    redis::{Cluster, Redis, Replicated, Sentinel, Sentinels, eventually},
};

use super::{redis::Process, status};

const KEY: &str = "clerk:revocations";

#[tokio::test(flavor = "multi_thread")]
async fn revocations_hold_when_sentinel_replaces_the_master() {
    let Some(servers) = Sentinels::start() else { return };
    lose_a_master(servers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn revocations_hold_when_a_cluster_replaces_a_master() {
    let Some(servers) = Cluster::start() else { return };
    lose_a_master(servers).await;
}

async fn lose_a_master(mut servers: impl Replicated) {
    let local = LocalClerk::start().await.unwrap();
    let start = async || Process::start(&local, &servers.url(), Framework::Axum).await;
    let [a, b] = [start().await, start().await];
    let token = |session| local.token("alice").unwrap().session_id(session).mint();
    let (before, during, after) = (token("sess_before"), token("sess_during"), token("sess_after"));
    let good = token("sess_good");
    a.wait_until_connected().await;
    b.wait_until_connected().await;
    a.revoke("sess_before").await.unwrap();
    eventually("ended in b", async || status(b.closed, "/me", &before).await == 401).await;

    servers.kill_master(KEY);
    for process in [&a, &b] {
        eventually("stale", async || process.store.is_stale()).await;
        assert_eq!(status(process.open, "/me", &good).await, 200);
        assert_eq!(status(process.open, "/me", &before).await, 401);
    }
    // Whether this reaches a server depends on how soon there is another master.
    let _ = b.revoke("sess_during").await;
    a.wait_until_connected().await;
    b.wait_until_connected().await;
    eventually("the failed revocation is repeated", async || status(a.open, "/me", &during).await == 401).await;
    // With the connection from before, this would fail.
    a.revoke("sess_after").await.unwrap();
    eventually("ended in b", async || status(b.open, "/me", &after).await == 401).await;

    servers.restart();
    let fresh = Process::start(&local, &servers.url(), Framework::Axum).await;
    fresh.wait_until_connected().await;
    for process in [&a, &b, &fresh] {
        process.wait_until_connected().await;
        for revoked in [&before, &during, &after] {
            assert_eq!(status(process.closed, "/me", revoked).await, 401, "still revoked");
        }
        assert_eq!(status(process.open, "/me", &good).await, 200);
    }
}

/// Each process knows another node of the cluster, none of which holds the revocations.
#[tokio::test(flavor = "multi_thread")]
async fn revocations_hold_when_their_slot_moves() {
    let Some(cluster) = Cluster::start() else { return };
    let local = LocalClerk::start().await.unwrap();
    let start = async |url: &str| Process::start(&local, url, Framework::Axum).await;
    let url = cluster.url_of_other(KEY);
    let (a, b) = (start(&url).await, start(&cluster.url()).await);
    a.wait_until_connected().await;
    b.wait_until_connected().await;
    let token = |session: &str| local.token("alice").unwrap().session_id(session).mint();
    let mut revoked = Vec::new();
    let steps: [fn(&Cluster); 3] = [|_| {}, |cluster| cluster.move_slot(KEY), |cluster| cluster.switch_roles(KEY)];
    for (number, step) in steps.into_iter().enumerate() {
        step(&cluster);
        // The third process of each step stays.
        eventually("all follow the owner of the slot", async || cluster.subscribers(KEY) == 2 + number).await;
        for (from, to) in [(&a, &b), (&b, &a)] {
            let session = format!("sess_{}", revoked.len());
            from.wait_until_connected().await;
            from.revoke(&session).await.unwrap();
            revoked.push(token(&session));
            eventually("ended", async || status(to.open, "/me", revoked.last().unwrap()).await == 401).await;
        }
        let fresh = start(&url).await;
        fresh.wait_until_connected().await;
        for token in &revoked {
            assert_eq!(status(fresh.closed, "/me", token).await, 401, "still revoked");
        }
        assert_eq!(status(fresh.open, "/me", &token("sess_good")).await, 200);
    }
}

/// Two servers believe to be the master, as when a network was divided: the one of the latest fail-over counts.
#[tokio::test(flavor = "multi_thread")]
async fn a_master_that_was_replaced_is_left_although_it_answers() {
    let (Some(old), Some(new)) = (Redis::start(), Redis::start()) else { return };
    let (Some(behind), Some(ahead)) = (Sentinel::start(&old, 1), Sentinel::start(&new, 2)) else { return };
    let local = LocalClerk::start().await.unwrap();
    let start = async |url: &str| {
        let process = Process::start(&local, url, Framework::Axum).await;
        process.wait_until_connected().await;
        process
    };
    let (at_old, at_new) = (start(&old.url()).await, start(&new.url()).await);
    let found =
        [start(&Sentinel::to_url(&[&behind, &ahead])).await, start(&Sentinel::to_url(&[&ahead, &behind])).await];
    let token = |session| local.token("alice").unwrap().session_id(session).mint();
    let (in_new, in_old) = (token("sess_new"), token("sess_old"));
    at_new.revoke("sess_new").await.unwrap();
    for process in &found {
        eventually("at the new master", async || status(process.open, "/me", &in_new).await == 401).await;
    }
    at_old.revoke("sess_old").await.unwrap();
    ahead.watch(&old);
    for process in &found {
        eventually("at the other master", async || status(process.open, "/me", &in_old).await == 401).await;
    }
}
