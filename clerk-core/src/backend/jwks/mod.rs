//! The instance's keys: where they come from, and when they are fetched again.

mod key_set;
mod plan;
mod refresher;
mod source;
mod store;

pub(crate) use key_set::KeySet;
pub use plan::JwksPolicy;
pub use refresher::JwksRefresher;
pub(crate) use source::Source;
pub(crate) use store::{KeyAnswer, Store};

use super::http::FetchError;

/// The instance's keys could not be obtained.
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let clerk = clerk_core::Clerk::from_env()?;
/// clerk.warm_up().await?; // an unreachable Clerk or a wrong key shows itself here, and not at the first request
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct KeysUnavailable {
    url: Box<str>,
    cause: FetchError,
}

/// Why the keys could not be obtained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeysUnavailableKind {
    /// The endpoint answered, but not with keys.
    Answer,
    /// The Backend API refused the secret key.
    SecretKeyRefused,
    /// The endpoint could not be reached, or not in time.
    Unreachable,
}

impl KeysUnavailable {
    /// Why the keys could not be obtained.
    #[must_use]
    pub const fn kind(&self) -> KeysUnavailableKind {
        match self.cause {
            FetchError::SecretKeyRefused | FetchError::Status(401 | 403) => KeysUnavailableKind::SecretKeyRefused,
            FetchError::Busy | FetchError::Connection | FetchError::NotYet | FetchError::Timeout => {
                KeysUnavailableKind::Unreachable
            }
            FetchError::Foreign(_)
            | FetchError::Malformed
            | FetchError::NoKeys
            | FetchError::Status(_)
            | FetchError::TooLarge => KeysUnavailableKind::Answer,
        }
    }
}

impl std::fmt::Display for KeysUnavailable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let advice = match self.kind() {
            _ if self.cause == FetchError::NotYet => "call Clerk::warm_up before the first check",
            KeysUnavailableKind::SecretKeyRefused => {
                "the secret key was refused: copy CLERK_SECRET_KEY again from the Clerk dashboard, API keys"
            }
            KeysUnavailableKind::Unreachable => "check the network, proxy and CLERK_API_URL",
            KeysUnavailableKind::Answer => "check that CLERK_API_URL is Clerk's Backend API and not another server",
        };
        write!(f, "no keys from {}: {} ({advice})", self.url, self.cause)
    }
}

impl std::error::Error for KeysUnavailable {}
