//! [`RenewError`]: why a connection cannot continue with a token.

use std::fmt;

/// Why a connection cannot continue with a token; see [`SessionEnd::renew`](super::SessionEnd::renew).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RenewError {
    /// The session had ended before the token came.
    Ended,
    /// The token belongs to another user or to another session.
    OtherSession,
    /// The user has a task left to do, and counts as signed out.
    Pending,
}

impl fmt::Display for RenewError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ended => "the session has ended",
            Self::OtherSession => "the token belongs to another session",
            Self::Pending => "the user has a task left to do",
        })
    }
}

impl std::error::Error for RenewError {}
