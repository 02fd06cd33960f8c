//! [`KeySource`]: where an instance's keys come from.

use super::SigningKey;
#[cfg(unix)]
use super::cache::KeyCache;
use crate::error::StartError;

/// Where an instance's keys come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeySource {
    /// From earlier runs, as long as there is one that this process has not used.
    Kept,
    /// Generated when they are needed.
    Fresh,
}

impl KeySource {
    /// A key that this process has not used.
    pub(crate) fn key(self) -> Result<SigningKey, StartError> {
        #[cfg(unix)]
        if self == Self::Kept {
            if let Some(cache) = KeyCache::for_user() {
                return cache.next();
            }
        }
        SigningKey::generate()
    }
}
