//! One call over HTTP: its path, its limits, its errors.

pub(crate) mod error;
pub(crate) mod path;
pub(crate) mod rate_limit;
pub(crate) mod retry;
pub(crate) mod transport;
pub(crate) mod upload;
