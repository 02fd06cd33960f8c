//! Counters and a histogram, for the recorder of the `metrics` crate; nothing without the feature of that name.
//!
//! Labels come from closed sets: whatever a client or an answer from elsewhere says is collapsed into one.

/// What a call brought, as a label.
pub(crate) const SUCCESS: &str = "success";

/// Whether anything is counted at all.
pub(crate) const ENABLED: bool = cfg!(feature = "metrics");

#[cfg(feature = "metrics")]
mod recorded;

#[cfg(feature = "metrics")]
pub(crate) use recorded::{Stopwatch, authentication, backend_call, describe, jwks_fetch, token_cache};
#[cfg(not(feature = "metrics"))]
pub(crate) use unrecorded::{Stopwatch, authentication, backend_call, describe, jwks_fetch, token_cache};

/// The same functions for those who do not count.
#[cfg(not(feature = "metrics"))]
mod unrecorded {
    use crate::auth::AuthState;

    pub(crate) struct Stopwatch;

    impl Stopwatch {
        pub(crate) const fn start() -> Self {
            Self
        }
    }

    pub(crate) const fn authentication(_: &AuthState, _: &'static str, _: &Stopwatch, _: bool) {}
    pub(crate) const fn backend_call(_: &'static str, _: &'static str) {}
    pub(crate) const fn describe() {}
    pub(crate) const fn jwks_fetch(_: &'static str) {}
    pub(crate) const fn token_cache(_: &'static str) {}
}
