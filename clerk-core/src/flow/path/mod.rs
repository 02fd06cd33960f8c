//! The paths that a request can take, one file each.

pub(crate) mod any_token;
pub(crate) mod cross_origin;
pub(crate) mod handshake;
pub(crate) mod machine;
pub(crate) mod refresh;
pub(crate) mod satellite;
pub(crate) mod upgrade;
pub mod websocket;
