//! [`RedisDedupe`]: one store for all processes of a service.

use std::{fmt, sync::Mutex, sync::PoisonError, time::Duration};

use clerk_core::{config::ConfigError, time::Timestamp};
use clerk_webhook::{
    MessageId,
    dedupe::{Claim, ClaimOutcome, DedupeStore, StoreError, StoreFuture},
};
use redis::{Cmd, FromRedisValue, RedisResult, aio::MultiplexedConnection};

use super::servers::{Servers, TIMEOUT, connect};

/// The value of a handled message. It cannot be a holder.
const HANDLED: &str = "handled";

/// Deletes a claim if this holder still has it.
const RELEASE: &str = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

/// A [`DedupeStore`] in [Redis](https://redis.io) or Valkey, for a service with several processes.
///
/// Each message is a key of about 200 bytes that expires 60 s after it was claimed, or 24 h after it was handled, by
/// Redis's clock. While Redis cannot be reached, webhooks are answered with 503, and Clerk sends them again.
///
/// ```no_run
/// use clerk_stores::RedisDedupe;
/// use clerk_webhook::WebhookEndpoint;
///
/// // A name for each of your endpoints.
/// let store = RedisDedupe::open("redis://127.0.0.1:6379", "users")?;
/// let endpoint = WebhookEndpoint::from_env()?.dedupe(store);
/// # Ok::<(), clerk_core::ConfigError>(())
/// ```
pub struct RedisDedupe {
    servers: Servers,
    prefix: String,
    /// Opened when needed, and again after a failure.
    connection: Mutex<Option<MultiplexedConnection>>,
}

impl RedisDedupe {
    /// Opens the store of the endpoint `name`, at a URL such as `redis://:password@127.0.0.1:6379/0`. The [crate](crate) says
    /// how a URL names Sentinels or a cluster.
    ///
    /// Keys are named `clerk:{webhooks:<name>}:<message id>`, so that a cluster holds them in one slot. It connects when the first message arrives.
    ///
    /// # Errors
    /// When the URL is not a Redis URL.
    pub fn open(url: &str, name: &str) -> Result<Self, ConfigError> {
        Ok(Self {
            servers: Servers::parse(url)?,
            prefix: format!("clerk:{{webhooks:{name}}}:"),
            connection: Mutex::default(),
        })
    }

    fn key(&self, message: &MessageId) -> String {
        format!("{}{}", self.prefix, message.as_str())
    }

    async fn query<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, StoreError> {
        let outcome = self.try_query(command).await;
        if outcome.is_err() {
            *self.connection.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
        outcome.map_err(StoreError::new)
    }

    async fn try_query<T: FromRedisValue>(&self, command: &Cmd) -> RedisResult<T> {
        let known = self.connection.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut connection = match known {
            Some(connection) => connection,
            None => {
                let server = self.servers.find(redis::cmd("GET").arg(&self.prefix)).await?;
                let connection = connect(&server, TIMEOUT).await?;
                *self.connection.lock().unwrap_or_else(PoisonError::into_inner) = Some(connection.clone());
                connection
            }
        };
        command.query_async(&mut connection).await
    }

    async fn try_claim(&self, claim: &Claim, lease: Duration) -> Result<ClaimOutcome, StoreError> {
        let key = self.key(claim.message());
        let mut set = redis::cmd("SET");
        set.arg(&key).arg(claim.holder()).arg("NX").arg("PX").arg(millis(lease));
        if self.query::<Option<String>>(&set).await?.is_some() {
            return Ok(ClaimOutcome::Granted);
        }
        let mut get = redis::cmd("GET");
        get.arg(&key);
        Ok(match self.query::<Option<String>>(&get).await?.as_deref() {
            Some(HANDLED) => ClaimOutcome::Handled,
            // Without a value the claim has just ended or been released: the next delivery is handled.
            Some(_) | None => ClaimOutcome::InProgress,
        })
    }
}

impl DedupeStore for RedisDedupe {
    fn claim<'a>(&'a self, claim: &'a Claim, lease: Duration, _: Timestamp) -> StoreFuture<'a, ClaimOutcome> {
        Box::pin(self.try_claim(claim, lease))
    }

    fn complete<'a>(&'a self, claim: &'a Claim, remember: Duration, _: Timestamp) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let mut set = redis::cmd("SET");
            set.arg(self.key(claim.message())).arg(HANDLED).arg("PX").arg(millis(remember));
            self.query(&set).await
        })
    }

    fn release<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let mut release = redis::cmd("EVAL");
            release.arg(RELEASE).arg(1).arg(self.key(claim.message())).arg(claim.holder());
            self.query::<i64>(&release).await.map(|_| ())
        })
    }
}

impl fmt::Debug for RedisDedupe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL may hold a password.
        f.debug_struct("RedisDedupe").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

/// At least 1, the shortest expiry in Redis.
fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX).max(1)
}
