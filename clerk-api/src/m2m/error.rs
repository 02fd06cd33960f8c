//! [`M2mTokenError`]: why there is no token.

use std::{fmt, time::Duration};

use clerk_core::internal::{FetchError, FetchErrorKind};

/// Error of a source that has no machine-to-machine token. Its text says what to check, and holds no secrets.
///
/// ```no_run
/// # async fn run(source: clerk_api::m2m::M2mTokenSource) {
/// if let Err(error) = source.token().await {
///     eprintln!("{error}; again in {:?}", error.retry_after());
/// }
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct M2mTokenError {
    pub(crate) cause: FetchError,
    pub(crate) retry_after: Duration,
}

/// The kind of a [`M2mTokenError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum M2mTokenErrorKind {
    /// The API's response holds no token.
    InvalidResponse,
    /// The API refused the machine secret key.
    MachineKeyRefused,
    /// Too many requests to the API.
    RateLimited,
    /// The API refused the token's settings: its lifetime, claims or format.
    SettingsRefused,
    /// The API could not be reached, or did not answer in time.
    Unreachable,
}

impl M2mTokenError {
    /// The kind of error.
    #[must_use]
    pub const fn kind(&self) -> M2mTokenErrorKind {
        match self.cause {
            FetchError::Status(429) | FetchError::Foreign(429) => M2mTokenErrorKind::RateLimited,
            FetchError::Status(400 | 409 | 422) => M2mTokenErrorKind::SettingsRefused,
            cause => match cause.kind() {
                FetchErrorKind::InvalidResponse => M2mTokenErrorKind::InvalidResponse,
                FetchErrorKind::KeyRefused => M2mTokenErrorKind::MachineKeyRefused,
                FetchErrorKind::Unreachable => M2mTokenErrorKind::Unreachable,
            },
        }
    }

    /// The time until the next attempt. Until then [`token`](super::M2mTokenSource::token) fails at once.
    #[must_use]
    pub const fn retry_after(&self) -> Duration {
        self.retry_after
    }
}

impl fmt::Display for M2mTokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let advice = match self.kind() {
            M2mTokenErrorKind::InvalidResponse => {
                "check that CLERK_API_URL is Clerk's Backend API and not another server"
            }
            M2mTokenErrorKind::MachineKeyRefused => {
                "the machine secret key was refused: copy CLERK_MACHINE_SECRET_KEY again from the machine's page in the Clerk dashboard"
            }
            M2mTokenErrorKind::RateLimited => "use fewer processes or a longer lifetime, to create tokens less often",
            M2mTokenErrorKind::SettingsRefused => "check the source's lifetime, min_remaining_ttl and claims",
            M2mTokenErrorKind::Unreachable => "check the network, proxy and CLERK_API_URL",
        };
        write!(f, "no M2M token: {} ({advice})", self.cause)
    }
}

impl std::error::Error for M2mTokenError {}
