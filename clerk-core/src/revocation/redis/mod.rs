//! [`RedisRevocations`]: one store for all processes of a service.

mod builder;
pub(crate) mod connection;
mod link;
mod own;
mod wire;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::Duration,
};

pub use builder::RedisRevocationsBuilder;
use redis::aio::MultiplexedConnection;
use tokio::sync::{Mutex, watch};

use self::connection::{TIMEOUT, connect};
use super::{
    Listener, Listeners, Revocation, RevocationError, RevocationStore, Revoking, Standing, Subject, WhenStale,
    entries::Entries,
};
use crate::{base::time::Timestamp, config::ConfigError};
use own::Own;

/// Revocations in [Redis](https://redis.io), 6.2 or later, or Valkey: what one process revokes ends in all of them.
///
/// Requests never wait for Redis. Each process holds a mirror of what is revoked at the moment, with the bound of
/// [`InMemoryRevocations`](super::InMemoryRevocations), and hears of news by pub/sub, within a millisecond or so. A
/// heartbeat goes the same way twice in a second; when it does not come back within 2 s, or the connection ends, the mirror
/// is stale: news may be missing. What is known then is still refused. What becomes of the others is for you to choose, here
/// for all routes and for [each route](crate::Authenticator::when_revocations_are_stale); the log says when the mirror
/// becomes stale and when it is in touch again.
///
/// On each new connection it subscribes first, writes what this process has revoked (so that a Redis that lost its data
/// learns it anew), and loads the rest.
///
/// ```no_run
/// # fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use clerk_core::{Clerk, revocation::{RedisRevocations, WhenStale}};
/// use std::sync::Arc;
///
/// let store = RedisRevocations::open("redis://127.0.0.1:6379", WhenStale::Refuse)?;
/// let clerk = Clerk::builder().environment()?.revocation(Arc::new(store)).build()?;
/// # Ok(()) }
/// ```
///
/// Open it once, outside of anything that runs per worker. For `rediss://` URLs switch on a TLS feature of the crate `redis`
/// 1, such as `tokio-rustls-comp`, in your own `Cargo.toml`. Instances of Clerk that share a Redis need a
/// [prefix](RedisRevocationsBuilder::prefix) each only where their ids could be the same, which Clerk's never are.
pub struct RedisRevocations {
    shared: Arc<Shared>,
    /// Ends the mirror with the store.
    _alive: watch::Sender<()>,
}

struct Shared {
    client: redis::Client,
    names: wire::Names,
    entries: Entries,
    listeners: Listeners,
    own: Own,
    in_touch: watch::Sender<bool>,
    stale: AtomicBool,
    when_stale: WhenStale,
    /// For writing, opened when needed and again after a failure.
    writer: Mutex<Option<MultiplexedConnection>>,
}

/// How long one write may take in all.
const WRITE_TIMEOUT: Duration = Duration::from_secs(3);

impl RedisRevocations {
    /// The store at this URL, with everything else as usual; see [`builder`](Self::builder).
    ///
    /// # Errors
    /// When the URL is none of Redis's.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    pub fn open(url: &str, when_stale: WhenStale) -> Result<Self, ConfigError> {
        Self::builder(when_stale).open(url)
    }

    /// A builder of a store; `when_stale` says whether it fails open or closed.
    #[must_use]
    pub fn builder(when_stale: WhenStale) -> RedisRevocationsBuilder {
        RedisRevocationsBuilder::new(when_stale)
    }

    /// Waits until the mirror is in touch with Redis: for the start of a service, so that its first requests do not find it
    /// stale. Put a timeout around it.
    pub async fn ready(&self) {
        // The sender lives in `shared`, so the channel does not close.
        let _ = self.shared.in_touch.subscribe().wait_for(|in_touch| *in_touch).await;
    }
}

impl Shared {
    /// Takes in what somebody has revoked; whether that is news.
    fn take_in(&self, revocation: &Revocation, now: Timestamp) -> bool {
        let news = self.entries.insert(revocation, now);
        if news {
            self.listeners.tell(revocation);
        }
        news
    }

    fn in_touch(&self, in_touch: bool) {
        self.stale.store(!in_touch, SeqCst);
        self.in_touch.send_replace(in_touch);
    }

    async fn write(&self, revocation: &Revocation, now: Timestamp) -> redis::RedisResult<()> {
        let mut writer = self.writer.lock().await;
        let mut connection = match writer.take() {
            Some(connection) => connection,
            None => connect(&self.client, TIMEOUT).await?,
        };
        wire::write(&self.names, std::slice::from_ref(revocation), now).exec_async(&mut connection).await?;
        *writer = Some(connection);
        drop(writer);
        self.own.written(revocation);
        Ok(())
    }
}

impl RevocationStore for RedisRevocations {
    fn judge(&self, subject: &Subject<'_>, now: Timestamp) -> Standing {
        self.shared.entries.judge(subject, now)
    }

    fn revoke(&self, revocation: Revocation, now: Timestamp) -> Revoking<'_> {
        self.shared.take_in(&revocation, now);
        self.shared.own.add(revocation.clone(), now);
        Box::pin(async move {
            // Should it fail, the mirror writes it as soon as it is in touch again.
            match tokio::time::timeout(WRITE_TIMEOUT, self.shared.write(&revocation, now)).await {
                Ok(outcome) => outcome.map_err(RevocationError::store),
                Err(elapsed) => Err(RevocationError::store(elapsed)),
            }
        })
    }

    fn subscribe(&self, listener: Listener) {
        self.shared.listeners.add(listener);
    }

    fn is_stale(&self) -> bool {
        self.shared.stale.load(SeqCst)
    }

    fn when_stale(&self) -> WhenStale {
        self.shared.when_stale
    }
}

impl fmt::Debug for RedisRevocations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The client's URL may hold a password.
        f.debug_struct("RedisRevocations")
            .field("entries", &self.shared.entries)
            .field("stale", &self.is_stale())
            .finish_non_exhaustive()
    }
}
