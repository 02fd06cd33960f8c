//! What a request is answered with when the one it was sent by could not be looked up.

use std::time::Duration;

use clerk_core::{Denied, Reason};

use crate::{ApiError, ApiErrorKind, organizations::Organization, users::User};

/// How long a client is told to wait, and how long nobody asks again, where the API says nothing about it.
pub(super) const PAUSE: Duration = Duration::from_secs(1);

/// The longest wait that the API can ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// What is looked up of a request.
pub(super) trait Subject: Sized {
    /// What it is, for the log.
    const WHAT: &'static str;

    fn id(&self) -> &str;

    /// The refusal where there is no such thing.
    fn unknown() -> Denied;

    /// Whether it counts.
    ///
    /// # Errors
    /// The refusal where it does not.
    fn judge(&self) -> Result<(), Denied> {
        Ok(())
    }
}

impl Subject for User {
    const WHAT: &'static str = "user";

    fn id(&self) -> &str {
        &self.id
    }

    fn unknown() -> Denied {
        Denied::unauthenticated(Reason::UserUnknown)
    }

    /// A ban ends all sessions, of which this token may not have heard. A lock does not: it keeps strangers who guess
    /// passwords away, and they shall not be able to sign anybody out.
    fn judge(&self) -> Result<(), Denied> {
        if self.banned { Err(Denied::unauthenticated(Reason::UserBanned)) } else { Ok(()) }
    }
}

impl Subject for Organization {
    const WHAT: &'static str = "organization";

    fn id(&self) -> &str {
        &self.id
    }

    /// As without an active organization.
    fn unknown() -> Denied {
        Denied::forbidden()
    }
}

/// The refusal for an answer that is none.
pub(super) fn refusal<T: Subject>(error: &ApiError) -> Denied {
    if error.is_not_found() || error.kind() == ApiErrorKind::InvalidRequest {
        // An id that fits into no path names nobody either.
        tracing::debug!(target: "clerk", what = T::WHAT, %error, "a token is about somebody whom the Backend API does not know");
        return T::unknown();
    }
    if error.kind() == ApiErrorKind::NoSecretKey {
        tracing::error!(target: "clerk", what = T::WHAT, "the Backend API can only be asked with CLERK_SECRET_KEY");
        return Denied::misconfigured();
    }
    tracing::warn!(target: "clerk", what = T::WHAT, %error, "the Backend API could not be asked about whoever sent a request");
    Denied::unavailable(wait(error.retry_after()))
}

/// A wait that the API asks for, within bounds.
pub(super) fn wait(retry_after: Option<Duration>) -> Duration {
    retry_after.unwrap_or(PAUSE).clamp(PAUSE, LONGEST_PAUSE)
}
