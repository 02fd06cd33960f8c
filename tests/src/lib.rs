//! Helpers that the suites share: servers with the same routes in each framework, clients that send exact bytes, fake
//! upstream servers, and recorders of logs, spans and metrics.

pub mod actix_server;
pub mod browser;
pub mod client;
pub mod current;
pub mod endpoint;
pub mod harness;
pub mod log;
pub mod openapi;
pub mod proxy_server;
pub mod recorder;
pub mod redis;
pub mod shared;
pub mod slow;
pub mod spans;
pub mod switch;
pub mod upstream;
pub mod webhooks;
