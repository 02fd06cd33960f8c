//! [`RevocationError`]: a revocation that has not reached everybody.

use std::{error::Error, fmt};

/// A revocation that has not reached everybody. In this process it stands all the same, for as long as a token that
/// existed then could be accepted.
#[derive(Debug)]
pub struct RevocationError {
    kind: RevocationErrorKind,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// Whom a revocation has not reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RevocationErrorKind {
    /// Clerk: the session goes on there, and brings new tokens.
    BackendApi,
    /// The other processes: the store was not written.
    Store,
}

impl RevocationError {
    /// The error of a store that was not written.
    pub fn store(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind: RevocationErrorKind::Store, source: Some(source.into()) }
    }

    pub(crate) fn backend_api(problem: &impl fmt::Display) -> Self {
        Self { kind: RevocationErrorKind::BackendApi, source: Some(problem.to_string().into()) }
    }

    /// Whom the revocation has not reached.
    #[must_use]
    pub const fn kind(&self) -> RevocationErrorKind {
        self.kind
    }
}

impl fmt::Display for RevocationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            RevocationErrorKind::BackendApi => "revoked in this process for now, but not at Clerk",
            RevocationErrorKind::Store => "revoked in this process, but the other processes were not told",
        })
    }
}

impl Error for RevocationError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
