//! What the suites share: a server per framework with the same routes, a client that sends exact bytes, and a
//! subscriber that hears everything.

pub mod browser;
pub mod client;
pub mod endpoint;
pub mod harness;
pub mod log;
pub mod proxied;
pub mod shared;
pub mod switch;
pub mod upstream;
