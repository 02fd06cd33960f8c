//! Counters and a histogram for the recorder of the `metrics` crate. Without the feature `metrics` nothing is recorded.
//!
//! Labels come from closed sets: all values that a client or a remote server chooses share one label.

/// The `outcome` label of a successful call.
pub const SUCCESS: &str = "success";

/// Whether anything is counted at all.
pub(crate) const ENABLED: bool = cfg!(feature = "metrics");

#[cfg(feature = "metrics")]
mod enabled;

#[cfg(not(feature = "metrics"))]
pub use disabled::backend_call;
#[cfg(not(feature = "metrics"))]
pub(crate) use disabled::{Stopwatch, authentication, describe, jwks_fetch, token_cache};
#[cfg(feature = "metrics")]
pub use enabled::backend_call;
#[cfg(feature = "metrics")]
pub(crate) use enabled::{Stopwatch, authentication, describe, jwks_fetch, token_cache};

/// The same functions without effect.
#[cfg(not(feature = "metrics"))]
mod disabled {
    use crate::auth::AuthState;

    pub(crate) struct Stopwatch;

    impl Stopwatch {
        pub(crate) const fn start() -> Self {
            Self
        }
    }

    pub(crate) const fn authentication(_: &AuthState, _: &'static str, _: &Stopwatch, _: bool) {}
    /// Counts a call of the Backend API.
    pub const fn backend_call(_: &'static str, _: &'static str) {}
    pub(crate) const fn describe() {}
    pub(crate) const fn jwks_fetch(_: &'static str) {}
    pub(crate) const fn token_cache(_: &'static str) {}
}
