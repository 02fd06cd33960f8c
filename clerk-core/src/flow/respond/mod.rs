//! Turns a result into a response: redirects, headers and refusals.

pub(crate) mod decision;
pub(crate) mod organization_sync;
mod pattern;
pub(crate) mod redirect_guard;
pub(crate) mod redirects;
pub(crate) mod refusals;
pub(crate) mod request_state;
pub(crate) mod requirement;
pub(crate) mod sign_in;
