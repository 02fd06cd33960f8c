//! The mirror's link to Redis: subscribed first, then loaded, then kept by a heartbeat.

use std::{future::poll_fn, io, pin::Pin, sync::Arc, time::Duration};

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
    Shared,
    connection::{TIMEOUT, connect},
    wire,
};
use crate::base::{
    retry::random,
    time::{Clock, SystemClock},
};

/// How often the heartbeat is sent.
const BEAT: Duration = Duration::from_millis(500);

/// How long nothing may be heard of it.
const SILENCE: Duration = Duration::from_secs(2);

/// How often what is over is removed, in heartbeats.
const BEATS_PER_TRIM: u32 = 60;

/// How long all that is revoked may take to arrive.
const LOAD_TIMEOUT: Duration = Duration::from_secs(10);

/// The shortest and the longest wait between two attempts to connect.
const WAITS: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(2)];

/// How many revocations are written in one go.
const CHUNK: usize = 1000;

/// Makes the mirror stale when the task ends, however it ends.
struct EndsStale(Arc<Shared>);

impl Drop for EndsStale {
    fn drop(&mut self) {
        self.0.in_touch(false);
    }
}

/// Keeps the mirror in touch for as long as the store lives.
pub(super) async fn keep(shared: Arc<Shared>, mut ends: watch::Receiver<()>) {
    let guard = EndsStale(shared);
    let link = std::pin::pin!(link(&guard.0));
    let end = std::pin::pin!(ends.changed());
    let (mut link, mut end) = (link, end);
    // Whichever is over first; the link is never.
    poll_fn(|context| match end.as_mut().poll(context) {
        std::task::Poll::Ready(_) => std::task::Poll::Ready(()),
        std::task::Poll::Pending => link.as_mut().poll(context),
    })
    .await;
}

async fn link(shared: &Shared) {
    let mut wait = WAITS[0];
    let mut said = false;
    loop {
        let mut was_in_touch = false;
        let Err(error) = linked(shared, &mut was_in_touch).await else { continue };
        shared.in_touch(false);
        if was_in_touch {
            (wait, said) = (WAITS[0], false);
        }
        if !std::mem::replace(&mut said, true) {
            tracing::warn!(
                target: "clerk",
                %error,
                when_stale = ?shared.when_stale,
                "out of touch with Redis: revocations of other processes may be missing"
            );
        }
        tokio::time::sleep(wait.mul_f64(0.5 + random() / 2.0)).await;
        wait = (wait * 2).min(WAITS[1]);
    }
}

/// One connection, from its beginning to its end, which is an error.
async fn linked(shared: &Shared, was_in_touch: &mut bool) -> RedisResult<()> {
    let names = &shared.names;
    let pubsub = timeout(TIMEOUT, shared.client.get_async_pubsub()).await.map_err(elapsed)??;
    let (mut sink, mut news) = pubsub.split();
    let channels = [&names.revocations, &names.heartbeat];
    timeout(TIMEOUT, sink.subscribe(&channels[..])).await.map_err(elapsed)??;
    let mut connection = connect(&shared.client, TIMEOUT).await?;
    write_own(shared, &mut connection, true).await?;
    load(shared).await?;

    shared.in_touch(true);
    *was_in_touch = true;
    tracing::info!(target: "clerk", revocations = shared.entries.len(), "in touch with Redis: revocations are up to date");
    let (mut heard_at, mut next_beat, mut beats) = (Instant::now(), Instant::now(), 0_u32);
    loop {
        match timeout_at(next_beat, next(&mut news)).await {
            Ok(Some(message)) if message.get_channel_name() == names.heartbeat => heard_at = Instant::now(),
            Ok(Some(message)) => take_in(shared, &message.get_payload::<String>().unwrap_or_default()),
            Ok(None) => return Err(io::Error::from(io::ErrorKind::ConnectionAborted).into()),
            Err(_) => {}
        }
        // Also where there is always news.
        if Instant::now() < next_beat {
            continue;
        }
        if heard_at.elapsed() > SILENCE {
            return Err(elapsed(()));
        }
        redis::cmd("PUBLISH").arg(&names.heartbeat).arg("").exec_async(&mut connection).await?;
        write_own(shared, &mut connection, false).await?;
        beats = beats.wrapping_add(1);
        if beats.is_multiple_of(BEATS_PER_TRIM) {
            wire::trim(names, SystemClock.now()).exec_async(&mut connection).await?;
        }
        next_beat = Instant::now() + BEAT;
    }
}

/// Writes what this process has revoked, so that nothing is missing of it.
async fn write_own(shared: &Shared, connection: &mut MultiplexedConnection, all: bool) -> RedisResult<()> {
    let now = SystemClock.now();
    for some in shared.own.to_write(all, now).chunks(CHUNK) {
        wire::write(&shared.names, some, now).exec_async(connection).await?;
        some.iter().for_each(|revocation| shared.own.written(revocation));
    }
    Ok(())
}

async fn load(shared: &Shared) -> RedisResult<()> {
    let mut connection = connect(&shared.client, LOAD_TIMEOUT).await?;
    let texts: Vec<String> = wire::load(&shared.names, SystemClock.now()).query_async(&mut connection).await?;
    texts.iter().for_each(|text| take_in(shared, text));
    Ok(())
}

fn take_in(shared: &Shared, text: &str) {
    match wire::revocation(text) {
        Some(revocation) => {
            shared.take_in(&revocation, SystemClock.now());
        }
        None => tracing::warn!(target: "clerk", "something in Redis is no revocation: who else writes there?"),
    }
}

async fn next(news: &mut PubSubStream) -> Option<Msg> {
    poll_fn(|context| Pin::new(&mut *news).poll_next(context)).await
}

fn elapsed<E>(_: E) -> redis::RedisError {
    io::Error::from(io::ErrorKind::TimedOut).into()
}
