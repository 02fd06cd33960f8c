//! What the suites share: a server per framework with the same routes, a client that sends exact bytes, subscribers
//! that hear everything, and a recorder that counts.

pub mod browser;
pub mod client;
pub mod endpoint;
pub mod harness;
pub mod log;
pub mod openapi;
pub mod proxied;
pub mod recorder;
pub mod redis;
pub mod shared;
pub mod spans;
pub mod switch;
pub mod upstream;
pub mod webhooks;
