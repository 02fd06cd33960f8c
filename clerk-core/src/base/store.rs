//! What stores outside of this process have in common: [`StoreFuture`] and [`StoreError`].

use std::{error::Error, fmt, future::Future, pin::Pin};

/// The answer of a store, which may have to ask a server.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// A store that did not answer, or has no room; what was wrong is its `source`.
///
/// ```
/// use clerk_core::store::StoreError;
///
/// let error = StoreError::new(std::io::Error::other("connection reset"));
/// assert_eq!(error.to_string(), "the store failed: connection reset");
/// ```
#[derive(Debug)]
pub struct StoreError(Box<dyn Error + Send + Sync>);

impl StoreError {
    /// The error of a store that failed so. Its text goes to the log: it must not hold a credential, such as the
    /// password of a URL.
    #[must_use]
    pub fn new(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(source.into())
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the store failed: {}", self.0)
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}
