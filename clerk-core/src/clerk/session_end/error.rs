//! [`RenewError`]: a token that a connection cannot go on with.

use std::fmt;

/// A token that a connection cannot go on with; see [`SessionEnd::renew`](super::SessionEnd::renew).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RenewError {
    /// It is of another user, or of another session of the same one.
    OtherSession,
    /// The session's end came before it.
    Over,
    /// Its session has a task left to do, and counts as signed out.
    Pending,
}

impl fmt::Display for RenewError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OtherSession => "the token is of another session",
            Self::Over => "the session is over",
            Self::Pending => "the session has a task left to do",
        })
    }
}

impl std::error::Error for RenewError {}
