//! The background task of the mirror: subscribes to Redis, loads all revocations, and checks the connection by heartbeat.

use std::{future::poll_fn, io, pin::Pin, sync::Arc, time::Duration};

use clerk_core::{
    internal::random,
    time::{Clock, SystemClock},
};
use futures_core::Stream;
use redis::{
    Msg, RedisResult,
    aio::{MultiplexedConnection, PubSubStream},
};
use tokio::{
    sync::watch,
    time::{Instant, timeout, timeout_at},
};

use super::{
    connection::{TIMEOUT, connect},
    revocations::Shared,
    wire,
};

/// Interval of the heartbeat.
const HEARTBEAT: Duration = Duration::from_millis(500);

/// The mirror is stale when no heartbeat has come back for this long.
const HEARTBEAT_TIMEOUT: Duration = Duration::from_secs(2);

/// Interval between removals of expired revocations, in heartbeats.
const BEATS_PER_TRIM: u32 = 60;

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
    let mut mirror = std::pin::pin!(reconnect_forever(&guard.0));
    let mut dropped = std::pin::pin!(dropped.changed());
    poll_fn(|context| match dropped.as_mut().poll(context) {
        std::task::Poll::Ready(_) => std::task::Poll::Ready(()),
        std::task::Poll::Pending => mirror.as_mut().poll(context),
    })
    .await;
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

/// Follows the revocations in Redis over one connection, until that fails.
async fn follow(shared: &Shared, was_connected: &mut bool) -> RedisResult<()> {
    let names = &shared.names;
    let pubsub = timeout(TIMEOUT, shared.client.get_async_pubsub()).await.map_err(elapsed)??;
    let (mut sink, mut messages) = pubsub.split();
    let channels = [&names.revocations, &names.heartbeat];
    timeout(TIMEOUT, sink.subscribe(&channels[..])).await.map_err(elapsed)??;
    let mut connection = connect(&shared.client, TIMEOUT).await?;
    write_local(shared, &mut connection, true).await?;
    load(shared).await?;

    shared.set_connected(true);
    *was_connected = true;
    tracing::info!(target: "clerk", revocations = shared.memory.len(), "connected to Redis: revocations are up to date");
    let (mut last_heartbeat, mut next_beat, mut beats) = (Instant::now(), Instant::now(), 0_u32);
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
        redis::cmd("PUBLISH").arg(&names.heartbeat).arg("").exec_async(&mut connection).await?;
        write_local(shared, &mut connection, false).await?;
        beats = beats.wrapping_add(1);
        if beats.is_multiple_of(BEATS_PER_TRIM) {
            wire::trim(names, SystemClock.now()).exec_async(&mut connection).await?;
        }
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

async fn load(shared: &Shared) -> RedisResult<()> {
    let mut connection = connect(&shared.client, LOAD_TIMEOUT).await?;
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

fn elapsed<E>(_: E) -> redis::RedisError {
    io::Error::from(io::ErrorKind::TimedOut).into()
}
