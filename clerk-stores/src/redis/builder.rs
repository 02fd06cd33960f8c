//! [`RedisRevocationsBuilder`]: settings of a store in Redis.

use std::sync::{Arc, atomic::AtomicBool};

use clerk_core::{
    config::ConfigError,
    revocation::{InMemoryRevocations, StalePolicy},
};
use tokio::sync::{Mutex, watch};

use super::{
    local::LocalRevocations,
    mirror,
    revocations::{RedisRevocations, Shared},
    servers::Servers,
    wire::Names,
};

/// Builder of a [`RedisRevocations`].
#[derive(Debug, Clone)]
pub struct RedisRevocationsBuilder {
    stale_policy: StalePolicy,
    prefix: Box<str>,
    capacity: usize,
}

impl RedisRevocationsBuilder {
    pub(super) fn new(stale_policy: StalePolicy) -> Self {
        Self { stale_policy, prefix: "clerk".into(), capacity: InMemoryRevocations::DEFAULT_CAPACITY }
    }

    /// Prefix of all names in Redis. Default: `clerk`, so that the sorted set and the channel are `clerk:revocations`.
    #[must_use]
    pub fn prefix(mut self, prefix: &str) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// The most revocations kept in this process's memory at a time. Default: 100 000. See
    /// [`InMemoryRevocations`] for what happens when they are exceeded.
    #[must_use]
    pub const fn capacity(mut self, revocations: usize) -> Self {
        self.capacity = revocations;
        self
    }

    /// Opens the store at this URL, such as `redis://:password@127.0.0.1:6379/0`. The [crate](crate) says how a URL names
    /// Sentinels or a cluster.
    ///
    /// A background task connects, and reconnects when the connection is lost. Until it is connected the store is stale.
    ///
    /// # Errors
    /// When the URL is not a Redis URL.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    pub fn open(self, url: &str) -> Result<RedisRevocations, ConfigError> {
        let shared = Arc::new(Shared {
            servers: Servers::parse(url)?,
            names: Names::new(&self.prefix),
            memory: InMemoryRevocations::with_capacity(self.capacity),
            local: LocalRevocations::new(self.capacity),
            connected: watch::channel(false).0,
            stale: AtomicBool::new(true),
            stale_policy: self.stale_policy,
            writer: Mutex::default(),
        });
        let (alive, dropped) = watch::channel(());
        tokio::spawn(mirror::run(Arc::clone(&shared), dropped));
        Ok(RedisRevocations::new(shared, alive))
    }
}
