//! The instance's keys (JWKS): where they are fetched from, and when.

mod endpoint;
mod key_set;
mod plan;
mod refresher;
mod store;

pub(crate) use endpoint::JwksEndpoint;
pub(crate) use key_set::KeySet;
pub use plan::JwksPolicy;
pub use refresher::JwksRefresher;
pub(crate) use store::{KeyLookup, Store};

use super::http::{FetchError, FetchErrorKind};
use crate::config::url::ApiUrl;

/// The instance's keys could not be obtained.
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let clerk = clerk_core::Clerk::from_env()?;
/// clerk.warm_up().await?; // fails here if Clerk is unreachable or the key is wrong, and not at the first request
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct KeysUnavailable {
    url: ApiUrl,
    cause: FetchError,
}

/// Why the keys could not be obtained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeysUnavailableKind {
    /// The response holds no keys.
    InvalidResponse,
    /// The Backend API refused the secret key.
    SecretKeyRefused,
    /// The endpoint could not be reached, or did not respond in time.
    Unreachable,
}

impl KeysUnavailable {
    /// Why the keys could not be obtained.
    #[must_use]
    pub const fn kind(&self) -> KeysUnavailableKind {
        match self.cause.kind() {
            FetchErrorKind::InvalidResponse => KeysUnavailableKind::InvalidResponse,
            FetchErrorKind::KeyRefused => KeysUnavailableKind::SecretKeyRefused,
            FetchErrorKind::Unreachable => KeysUnavailableKind::Unreachable,
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
            KeysUnavailableKind::InvalidResponse => {
                "check that CLERK_API_URL is Clerk's Backend API and not another server"
            }
        };
        write!(f, "no keys from {}: {} ({advice})", self.url, self.cause)
    }
}

impl std::error::Error for KeysUnavailable {}
