#![cfg_attr(docsrs, feature(doc_cfg))]
// The first definition of a link counts: in these docs the README's relative one would lead nowhere.
#![doc = concat!("[guide]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/guide/src/revocation.md\n")]
#![doc = include_str!("../README.md")]

#[cfg(feature = "redis")]
mod redis;

#[cfg(all(feature = "redis", feature = "webhook"))]
#[cfg_attr(docsrs, doc(cfg(all(feature = "redis", feature = "webhook"))))]
pub use redis::RedisDedupe;
#[cfg(feature = "redis")]
#[cfg_attr(docsrs, doc(cfg(feature = "redis")))]
pub use redis::{RedisRevocations, RedisRevocationsBuilder};
