//! Tests of the public API, the program and the servers over real loopback HTTP.
//!
//! One binary for all: no test changes what others share. The tests of the key cache set environment variables of
//! processes that they start, never of this one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its support functions too")]

mod at_once;
mod beside_others;
mod browsers;
#[cfg(feature = "cli")]
mod command_line;
#[cfg(feature = "sqlite")]
mod data_file;
#[cfg(all(unix, feature = "cli"))]
mod kept_keys;
mod m2m_tokens;
mod npm;
mod oauth;
mod pages;
mod test_kit;
mod tokens;
mod webhooks;
