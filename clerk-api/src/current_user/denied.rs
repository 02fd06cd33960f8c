//! The error response of a request whose user or organization could not be looked up.

use std::time::Duration;

use clerk_core::{Denied, auth::Reason};

use clerk_types::{organization::Organization, user::User};

use crate::http::error::{ApiError, ApiErrorKind};

/// `Retry-After` of the response, and the pause before the next call of the API, if the API sends no `Retry-After`.
pub(super) const DEFAULT_RETRY_AFTER: Duration = Duration::from_secs(1);

/// The longest `Retry-After` that is accepted from the API.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);

/// A type that is looked up for a request.
pub(super) trait LookupTarget: Sized {
    /// Its name in the log.
    const NAME: &'static str;

    fn id(&self) -> &str;

    /// The error response if it does not exist.
    fn not_found() -> Denied;

    /// Checks that it may be used.
    ///
    /// # Errors
    /// The error response if it may not.
    fn check(&self) -> Result<(), Denied> {
        Ok(())
    }
}

impl LookupTarget for User {
    const NAME: &'static str = "user";

    fn id(&self) -> &str {
        &self.id
    }

    fn not_found() -> Denied {
        Denied::unauthenticated(Reason::UserUnknown)
    }

    /// A banned user has no sessions, but a token may live longer than its session; the same holds for one whom directory
    /// sync has deprovisioned. A locked user keeps their sessions: a lock follows failed password guesses, which must not
    /// sign the user out.
    fn check(&self) -> Result<(), Denied> {
        match self {
            Self { banned: true, .. } => Err(Denied::unauthenticated(Reason::UserBanned)),
            Self { deprovisioned: Some(true), .. } => Err(Denied::unauthenticated(Reason::UserDeprovisioned)),
            _ => Ok(()),
        }
    }
}

impl LookupTarget for Organization {
    const NAME: &'static str = "organization";

    fn id(&self) -> &str {
        &self.id
    }

    /// The same as without an active organization.
    fn not_found() -> Denied {
        Denied::forbidden()
    }
}

/// The error response for a failed lookup.
pub(super) fn denied_for<T: LookupTarget>(error: &ApiError) -> Denied {
    if error.is_not_found() || error.kind() == ApiErrorKind::InvalidRequest {
        // An id that is invalid in a path cannot exist either.
        tracing::debug!(target: "clerk", what = T::NAME, %error, "a token names an id that the Backend API does not know");
        return T::not_found();
    }
    if error.kind() == ApiErrorKind::NoSecretKey {
        tracing::error!(target: "clerk", what = T::NAME, "a lookup in the Backend API needs CLERK_SECRET_KEY");
        return Denied::misconfigured();
    }
    tracing::warn!(target: "clerk", what = T::NAME, %error, "a lookup in the Backend API failed");
    Denied::unavailable(clamp_retry_after(error.retry_after()))
}

/// The API's `Retry-After`, within bounds.
pub(super) fn clamp_retry_after(retry_after: Option<Duration>) -> Duration {
    retry_after.unwrap_or(DEFAULT_RETRY_AFTER).clamp(DEFAULT_RETRY_AFTER, MAX_RETRY_AFTER)
}
