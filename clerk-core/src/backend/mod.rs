//! Calls to Clerk, and caches of their results: the HTTP client and transport, how many calls there may be, the calls of
//! the Backend API that authentication needs, the instance's keys, the status of sessions, and machine tokens.

pub(crate) mod api;
pub(crate) mod budget;
pub(crate) mod client;
pub(crate) mod http;
pub(crate) mod jwks;
pub(crate) mod machine_tokens;
pub(crate) mod session_status;
pub(crate) mod single_flight;
mod verdicts;
