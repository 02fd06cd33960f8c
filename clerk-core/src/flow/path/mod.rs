//! The paths that a request can take, one file each.

pub(crate) mod any_token;
pub(crate) mod bearer;
pub(crate) mod cookie;
mod cross_origin;
pub(crate) mod handshake;
pub(crate) mod machine;
mod refresh;
mod same_origin;
pub(crate) mod satellite;
pub mod websocket;
