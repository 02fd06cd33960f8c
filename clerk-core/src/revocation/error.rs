//! [`RevocationError`]: a revocation that Clerk or the other processes have not received.

use std::{error::Error, fmt};

/// A revocation that Clerk or the other processes have not received.
///
/// In this process it is in effect, until the tokens that existed at that moment have expired.
#[derive(Debug)]
pub struct RevocationError {
    kind: RevocationErrorKind,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// Who has not received a revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RevocationErrorKind {
    /// Clerk: the session stays active there and gets new tokens.
    BackendApi,
    /// The other processes: the write to the store failed.
    Store,
}

impl RevocationError {
    /// The error of a failed write to the store.
    pub fn store(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind: RevocationErrorKind::Store, source: Some(source.into()) }
    }

    pub(crate) fn backend_api(problem: &impl fmt::Display) -> Self {
        Self { kind: RevocationErrorKind::BackendApi, source: Some(problem.to_string().into()) }
    }

    /// Who has not received the revocation.
    #[must_use]
    pub const fn kind(&self) -> RevocationErrorKind {
        self.kind
    }
}

impl fmt::Display for RevocationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            RevocationErrorKind::BackendApi => "revoked in this process for now, but not at Clerk",
            RevocationErrorKind::Store => "revoked in this process, but the write for the other processes failed",
        })
    }
}

impl Error for RevocationError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
