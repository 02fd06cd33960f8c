//! The background task of the mirror: subscribes to Redis, loads all revocations, and checks the connection by heartbeat.

use std::{
    future::poll_fn,
    io,
    pin::{Pin, pin},
    sync::Arc,
    task::Poll,
    time::Duration,
};

use clerk_core::{
    internal::random,
    time::{Clock, SystemClock},
};
use futures_core::Stream;
use redis::{
    Client, Msg, RedisResult,
    aio::{MultiplexedConnection, PubSubStream},
};
use tokio::{
    sync::watch,
    time::{Instant, timeout, timeout_at},
};

use super::{
    revocations::Shared,
    servers::{TIMEOUT, connect, elapsed},
    wire,
};

/// Interval of the heartbeat.
const HEARTBEAT: Duration = Duration::from_millis(500);

/// The mirror is stale when no heartbeat has come back for this long.
const HEARTBEAT_TIMEOUT: Duration = Duration::from_secs(2);

/// Timeout for loading all revocations.
const LOAD_TIMEOUT: Duration = Duration::from_secs(10);

/// The first and the longest wait between two connection attempts.
const MIN_WAIT: Duration = Duration::from_millis(100);
const MAX_WAIT: Duration = Duration::from_secs(2);

/// The most revocations written in one transaction.
const CHUNK: usize = 1000;

/// Makes the mirror stale when the task ends, even by a panic.
struct StaleOnDrop(Arc<Shared>);

impl Drop for StaleOnDrop {
    fn drop(&mut self) {
        self.0.set_connected(false);
    }
}

/// Keeps the mirror up to date until the store is dropped.
pub(super) async fn run(shared: Arc<Shared>, mut dropped: watch::Receiver<()>) {
    let guard = StaleOnDrop(shared);
    let dropped = async { drop(dropped.changed().await) };
    race(dropped, reconnect_forever(&guard.0)).await;
}

async fn reconnect_forever(shared: &Shared) {
    let mut wait = MIN_WAIT;
    let mut logged = false;
    loop {
        let mut was_connected = false;
        let Err(error) = follow(shared, &mut was_connected).await else { continue };
        shared.set_connected(false);
        if was_connected {
            (wait, logged) = (MIN_WAIT, false);
        }
        if !std::mem::replace(&mut logged, true) {
            tracing::warn!(
                target: "clerk",
                %error,
                stale_policy = ?shared.stale_policy,
                "not connected to Redis: revocations of other processes may be missing"
            );
        }
        tokio::time::sleep(wait.mul_f64(0.5 + random() / 2.0)).await;
        wait = (wait * 2).min(MAX_WAIT);
    }
}

/// Follows the revocations in Redis, until the connection fails or another server is the master.
async fn follow(shared: &Shared, was_connected: &mut bool) -> RedisResult<()> {
    let server = shared.servers.find(&wire::trim(&shared.names, SystemClock.now())).await?;
    let replaced = async {
        shared.servers.wait_until_replaced(&server).await;
        Err(io::Error::other("another server is the master").into())
    };
    race(replaced, follow_server(shared, &server, was_connected)).await
}

async fn follow_server(shared: &Shared, server: &Client, was_connected: &mut bool) -> RedisResult<()> {
    let names = &shared.names;
    let pubsub = timeout(TIMEOUT, server.get_async_pubsub()).await.map_err(elapsed)??;
    let (mut sink, mut messages) = pubsub.split();
    let channels = [&names.revocations, &names.heartbeat];
    timeout(TIMEOUT, sink.subscribe(&channels[..])).await.map_err(elapsed)??;
    let mut connection = connect(server, TIMEOUT).await?;
    wire::beat(names, SystemClock.now()).exec_async(&mut connection).await?;
    write_local(shared, &mut connection, true).await?;
    load(shared, server).await?;
    // A revocation that is being written keeps its own connection.
    if let Ok(mut writer) = shared.writer.try_lock() {
        *writer = Some(connection.clone());
    }

    shared.set_connected(true);
    *was_connected = true;
    tracing::info!(target: "clerk", revocations = shared.memory.len(), "connected to Redis: revocations are up to date");
    let (mut last_heartbeat, mut next_beat) = (Instant::now(), Instant::now());
    loop {
        match timeout_at(next_beat, next(&mut messages)).await {
            Ok(Some(message)) if message.get_channel_name() == names.heartbeat => last_heartbeat = Instant::now(),
            Ok(Some(message)) => apply(shared, &message.get_payload::<String>().unwrap_or_default()),
            Ok(None) => return Err(io::Error::from(io::ErrorKind::ConnectionAborted).into()),
            Err(_) => {}
        }
        // The heartbeat is due even if messages never stop.
        if Instant::now() < next_beat {
            continue;
        }
        if last_heartbeat.elapsed() > HEARTBEAT_TIMEOUT {
            return Err(elapsed(()));
        }
        wire::beat(names, SystemClock.now()).exec_async(&mut connection).await?;
        write_local(shared, &mut connection, false).await?;
        next_beat = Instant::now() + HEARTBEAT;
    }
}

/// Writes the revocations of this process that may be missing in Redis, or all of them.
async fn write_local(shared: &Shared, connection: &mut MultiplexedConnection, all: bool) -> RedisResult<()> {
    let now = SystemClock.now();
    for some in shared.local.list_unwritten(all, now).chunks(CHUNK) {
        wire::write(&shared.names, some, now).exec_async(connection).await?;
        some.iter().for_each(|revocation| shared.local.mark_written(revocation));
    }
    Ok(())
}

async fn load(shared: &Shared, server: &Client) -> RedisResult<()> {
    let mut connection = connect(server, LOAD_TIMEOUT).await?;
    let revocations: Vec<String> = wire::load(&shared.names, SystemClock.now()).query_async(&mut connection).await?;
    revocations.iter().for_each(|json| apply(shared, json));
    Ok(())
}

fn apply(shared: &Shared, json: &str) {
    match wire::parse(json) {
        Some(revocation) => shared.memory.insert(&revocation, SystemClock.now()),
        None => {
            tracing::warn!(target: "clerk", "an entry in Redis is not a revocation: does another program write under the same prefix?")
        }
    }
}

async fn next(messages: &mut PubSubStream) -> Option<Msg> {
    poll_fn(|context| Pin::new(&mut *messages).poll_next(context)).await
}

/// Returns the output of the future that is ready first.
async fn race<T>(first: impl Future<Output = T>, second: impl Future<Output = T>) -> T {
    let (mut first, mut second) = (pin!(first), pin!(second));
    poll_fn(|context| match first.as_mut().poll(context) {
        Poll::Pending => second.as_mut().poll(context),
        ready => ready,
    })
    .await
}
