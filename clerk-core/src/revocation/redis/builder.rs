//! [`RedisRevocationsBuilder`]: names and bounds of a store in Redis.

use std::sync::{Arc, atomic::AtomicBool};

use tokio::sync::{Mutex, watch};

use super::{RedisRevocations, Shared, link, own::Own, wire::Names};
use crate::{
    config::ConfigError,
    revocation::{Listeners, WhenStale, entries::Entries, memory::DEFAULT_CAPACITY},
};

/// Builder of a [`RedisRevocations`].
#[derive(Debug, Clone)]
pub struct RedisRevocationsBuilder {
    when_stale: WhenStale,
    prefix: Box<str>,
    capacity: usize,
}

impl RedisRevocationsBuilder {
    pub(super) fn new(when_stale: WhenStale) -> Self {
        Self { when_stale, prefix: "clerk".into(), capacity: DEFAULT_CAPACITY }
    }

    /// What the names in Redis begin with; `clerk` unless set, for the sorted set and the channel `clerk:revocations`.
    #[must_use]
    pub fn prefix(mut self, prefix: &str) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// How many revocations are remembered at a time; 100 000 unless set. See
    /// [`InMemoryRevocations`](super::super::InMemoryRevocations) for what becomes of more.
    #[must_use]
    pub const fn capacity(mut self, revocations: usize) -> Self {
        self.capacity = revocations;
        self
    }

    /// Opens the store at this URL, such as `redis://:password@127.0.0.1:6379/0`: the connection is made, and made again
    /// whenever it is lost, in a task of its own. Until then the store is stale.
    ///
    /// # Errors
    /// When the URL is none of Redis's.
    ///
    /// # Panics
    /// Outside of a Tokio runtime.
    pub fn open(self, url: &str) -> Result<RedisRevocations, ConfigError> {
        let shared = Arc::new(Shared {
            client: super::connection::open(url)?,
            names: Names::new(&self.prefix),
            entries: Entries::new(self.capacity),
            listeners: Listeners::default(),
            own: Own::new(self.capacity),
            in_touch: watch::channel(false).0,
            stale: AtomicBool::new(true),
            when_stale: self.when_stale,
            writer: Mutex::default(),
        });
        let (alive, ends) = watch::channel(());
        tokio::spawn(link::keep(Arc::clone(&shared), ends));
        Ok(RedisRevocations { shared, _alive: alive })
    }
}
