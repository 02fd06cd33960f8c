//! What the layer attaches to a request.

use std::{fmt, time::Duration};

use super::{
    policy::Policy,
    session::{Session, SessionStatus},
};
use crate::{
    denied::Denied,
    jwt::{TokenError, TokenErrorKind},
};

/// What is known about a request's sender; every framework's layer attaches one to each request.
///
/// ```
/// use clerk_core::AuthState;
///
/// fn greeting(state: &AuthState) -> String {
///     match state.session() {
///         Ok(session) => format!("hello {}", session.user_id()),
///         Err(_) => "hello stranger".to_owned(),
///     }
/// }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum AuthState {
    /// A verified session.
    SignedIn(Session),
    /// No credential, or none that is accepted.
    SignedOut(SignedOut),
    /// Nobody could tell: the instance's keys could not be obtained.
    Unavailable(Unavailable),
}

/// A request without an accepted credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedOut {
    reason: Reason,
}

/// A request that could not be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unavailable {
    retry_after: Duration,
}

/// Why a request is signed out. For the operator: clients get the same answer for all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The session still has a task to complete.
    SessionPending,
    /// The request carries no credential.
    TokenMissing,
    /// The request carries a token that is refused.
    TokenRefused(TokenErrorKind),
}

impl AuthState {
    pub(crate) const fn signed_out(reason: Reason) -> Self {
        Self::SignedOut(SignedOut { reason })
    }

    pub(crate) const fn unavailable(retry_after: Duration) -> Self {
        Self::Unavailable(Unavailable { retry_after })
    }

    /// The session, when somebody is signed in and has no task left to do.
    ///
    /// # Errors
    /// The refusal to answer with: 401 when nobody is signed in, 503 when nobody could tell.
    pub fn session(&self) -> Result<&Session, Denied> {
        match self {
            Self::SignedIn(session) if session.status() == SessionStatus::Active => Ok(session),
            Self::SignedIn(_) => Err(Denied::unauthenticated(Reason::SessionPending)),
            Self::SignedOut(signed_out) => Err(Denied::unauthenticated(signed_out.reason)),
            Self::Unavailable(unavailable) => Err(Denied::unavailable(unavailable.retry_after)),
        }
    }

    /// The session, when it satisfies a policy.
    ///
    /// # Errors
    /// As [`session`](Self::session), and 403 when the session does not satisfy the policy.
    pub fn require(&self, policy: &Policy) -> Result<&Session, Denied> {
        let session = self.session()?;
        session.require(policy)?;
        Ok(session)
    }

    /// The session even if it is [pending](SessionStatus::Pending), for the pages where its task is done.
    #[must_use]
    pub const fn session_or_pending(&self) -> Option<&Session> {
        match self {
            Self::SignedIn(session) => Some(session),
            _ => None,
        }
    }
}

impl SignedOut {
    /// Why the request is signed out.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        self.reason
    }
}

impl Unavailable {
    /// How long a client should wait before it tries again.
    #[must_use]
    pub const fn retry_after(&self) -> Duration {
        self.retry_after
    }
}

impl Reason {
    /// The reason as Clerk's own SDK spells it where it has one.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SessionPending => "session-pending",
            Self::TokenMissing => "session-token-and-uat-missing",
            Self::TokenRefused(kind) => TokenError::new(kind).reason(),
        }
    }

    /// What happened and what to look at, for the operator's log.
    #[must_use]
    pub const fn detail(self) -> &'static str {
        match self {
            Self::SessionPending => "the session still has a task to complete",
            Self::TokenMissing => "the request carries no session token",
            Self::TokenRefused(kind) => TokenError::new(kind).text(),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
