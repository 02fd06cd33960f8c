//! Reads a request: credential, cookies, query and URL.

pub(crate) mod cookies;
pub(crate) mod credential;
pub(crate) mod facts;
mod forwarded;
pub(crate) mod public_url;
mod suffix;
pub(crate) mod view;
