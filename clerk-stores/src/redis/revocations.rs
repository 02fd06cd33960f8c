//! [`RedisRevocations`]: one store for all processes of a service.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::Duration,
};

use clerk_core::{
    config::ConfigError,
    revocation::{
        InMemoryRevocations, Listener, Revocation, RevocationError, RevocationStatus, RevocationStore, RevokeFuture,
        StalePolicy, TokenInfo,
    },
    time::Timestamp,
};
use redis::aio::MultiplexedConnection;
use tokio::sync::{Mutex, watch};

use super::{
    builder::RedisRevocationsBuilder,
    local::LocalRevocations,
    servers::{Servers, TIMEOUT, connect},
    wire,
};

/// Timeout of one write, including its connection attempt.
const WRITE_TIMEOUT: Duration = Duration::from_secs(3);

/// A [`RevocationStore`] in [Redis](https://redis.io) 6.2 or later, or Valkey: a revocation by one process takes effect in
/// all of them.
///
/// Requests never wait for Redis. Each process holds a mirror of the current revocations in memory, with the bound of
/// [`InMemoryRevocations`](clerk_core::revocation::InMemoryRevocations), and receives new ones by pub/sub, usually within a millisecond. It
/// also publishes a heartbeat twice a second. When the heartbeat does not come back within 2 s, or the connection ends, the
/// mirror is stale: revocations of other processes may be missing. Known revocations are still refused. For all other
/// tokens you choose a [`StalePolicy`], here for all routes and with
/// [`stale_revocations`](clerk_core::Authenticator::stale_revocations) for one route. The log says when the mirror becomes stale
/// and when it is up to date again.
///
/// On each new connection, also to the successor of a master, the mirror first subscribes, then writes the revocations of this process (for a Redis that has
/// lost its data), and then loads all others.
///
/// ```no_run
/// # fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use clerk_core::{Clerk, revocation::StalePolicy};
/// use clerk_stores::RedisRevocations;
///
/// let store = RedisRevocations::open("redis://127.0.0.1:6379", StalePolicy::Refuse)?;
/// let clerk = Clerk::builder().environment()?.revocation(store).build()?;
/// # Ok(()) }
/// ```
///
/// Open it once per process, not once per worker. TLS (`rediss://`) needs one of the features `redis-rustls` and
/// `redis-native-tls`. Several Clerk instances can share a Redis without a
/// [prefix](RedisRevocationsBuilder::prefix), because Clerk's ids are unique.
pub struct RedisRevocations {
    shared: Arc<Shared>,
    /// Ends the mirror's task when the store is dropped.
    _alive: watch::Sender<()>,
}

pub(super) struct Shared {
    pub(super) servers: Servers,
    pub(super) names: wire::Names,
    /// The mirror.
    pub(super) memory: InMemoryRevocations,
    pub(super) local: LocalRevocations,
    pub(super) connected: watch::Sender<bool>,
    pub(super) stale: AtomicBool,
    pub(super) stale_policy: StalePolicy,
    /// The connection for writes. Opened when needed, and again after a failure.
    pub(super) writer: Mutex<Option<MultiplexedConnection>>,
}

impl RedisRevocations {
    pub(super) const fn new(shared: Arc<Shared>, alive: watch::Sender<()>) -> Self {
        Self { shared, _alive: alive }
    }

    /// Opens the store at this URL with default settings. See [`builder`](Self::builder) for others, and the
    /// [crate](crate) for URLs of Sentinels and clusters.
    ///
    /// # Errors
    /// When the URL is not a Redis URL.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    pub fn open(url: &str, stale_policy: StalePolicy) -> Result<Self, ConfigError> {
        Self::builder(stale_policy).open(url)
    }

    /// Creates a builder. `stale_policy` says whether requests fail open or closed while the store is stale.
    #[must_use]
    pub fn builder(stale_policy: StalePolicy) -> RedisRevocationsBuilder {
        RedisRevocationsBuilder::new(stale_policy)
    }

    /// Waits until the mirror is up to date.
    ///
    /// Call it when the service starts, so that the first requests do not find a stale mirror. Put a timeout around it.
    pub async fn ready(&self) {
        // The sender lives in `shared`, so the channel does not close.
        let _ = self.shared.connected.subscribe().wait_for(|connected| *connected).await;
    }
}

impl Shared {
    pub(super) fn set_connected(&self, connected: bool) {
        self.stale.store(!connected, SeqCst);
        self.connected.send_replace(connected);
    }

    async fn write(&self, revocation: &Revocation, now: Timestamp) -> redis::RedisResult<()> {
        let mut writer = self.writer.lock().await;
        let mut connection = match writer.take() {
            Some(connection) => connection,
            None => connect(&self.servers.find(&wire::trim(&self.names, now)).await?, TIMEOUT).await?,
        };
        wire::write(&self.names, std::slice::from_ref(revocation), now).exec_async(&mut connection).await?;
        *writer = Some(connection);
        drop(writer);
        self.local.mark_written(revocation);
        Ok(())
    }
}

impl RevocationStore for RedisRevocations {
    fn check(&self, token: &TokenInfo<'_>, now: Timestamp) -> RevocationStatus {
        self.shared.memory.check(token, now)
    }

    fn set_min_retention(&self, retention: Duration) {
        self.shared.memory.set_min_retention(retention);
    }

    fn revoke(&self, revocation: Revocation, now: Timestamp) -> RevokeFuture<'_> {
        self.shared.memory.insert(&revocation, now);
        self.shared.local.add(revocation.clone(), now);
        Box::pin(async move {
            // If this write fails, the mirror repeats it when it is connected again.
            match tokio::time::timeout(WRITE_TIMEOUT, self.shared.write(&revocation, now)).await {
                Ok(outcome) => outcome.map_err(RevocationError::store),
                Err(elapsed) => Err(RevocationError::store(elapsed)),
            }
        })
    }

    fn subscribe(&self, listener: Listener) {
        self.shared.memory.subscribe(listener);
    }

    fn is_stale(&self) -> bool {
        self.shared.stale.load(SeqCst)
    }

    fn stale_policy(&self) -> StalePolicy {
        self.shared.stale_policy
    }
}

impl fmt::Debug for RedisRevocations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL may hold a password.
        f.debug_struct("RedisRevocations")
            .field("memory", &self.shared.memory)
            .field("stale", &self.is_stale())
            .finish_non_exhaustive()
    }
}
