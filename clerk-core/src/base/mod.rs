//! The lowest layer: time, names and small rules without Clerk's tokens. It imports nothing else from this crate.

pub(crate) mod bucket;
pub(crate) mod crypto;
pub(crate) mod flight;
pub(crate) mod http_response;
pub(crate) mod log_limit;
pub mod names;
pub(crate) mod path_segment;
pub(crate) mod query;
pub(crate) mod retry;
pub(crate) mod shares;
pub mod time;
pub(crate) mod ttl_map;
