//! Stores in Redis or Valkey.

mod builder;
#[cfg(feature = "webhook")]
mod dedupe;
mod local;
mod mirror;
mod revocations;
mod servers;
mod wire;

pub use builder::RedisRevocationsBuilder;
#[cfg(feature = "webhook")]
pub use dedupe::RedisDedupe;
pub use revocations::RedisRevocations;
