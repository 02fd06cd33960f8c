//! The metrics, with the feature `metrics`.

use std::{borrow::Cow, time::Instant};

use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};

use crate::{
    auth::{AuthState, Reason, RefreshFailure, SessionStatus},
    token::TokenType,
};

const AUTHENTICATIONS: &str = "clerk_authentications_total";
const DURATION: &str = "clerk_authentication_duration_seconds";
const JWKS_FETCHES: &str = "clerk_jwks_fetches_total";
const BACKEND_CALLS: &str = "clerk_backend_calls_total";
const TOKEN_CACHE: &str = "clerk_token_cache_total";

/// The label of a missing value.
const NONE: &str = "none";

/// Measures with the monotonic clock, which nothing sets; token times use the wall clock.
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }
}

pub(crate) fn describe() {
    describe_counter!(AUTHENTICATIONS, Unit::Count, "Requests and tokens that were authenticated");
    describe_histogram!(DURATION, Unit::Seconds, "Duration of an authentication");
    describe_counter!(JWKS_FETCHES, Unit::Count, "Fetches of the instance's keys");
    describe_counter!(BACKEND_CALLS, Unit::Count, "Calls of Clerk's Backend API, except for the keys");
    describe_counter!(TOKEN_CACHE, Unit::Count, "Session tokens found in the cache, or verified by their signature");
}

pub(crate) fn authentication(auth: &AuthState, status: &'static str, stopwatch: &Stopwatch, waited: bool) {
    match auth {
        // Most requests end here: with constant labels the metric's key is a constant.
        AuthState::SignedIn(session) if session.status() == SessionStatus::Active => {
            counter!(AUTHENTICATIONS, "status" => "signed-in", "reason" => "none", "token_type" => "session_token")
                .increment(1);
        }
        auth => {
            let token_type = auth.token_type().map_or(NONE, TokenType::as_str);
            let labels =
                [("status", status), ("reason", auth.reason().map_or(NONE, label)), ("token_type", token_type)];
            counter!(AUTHENTICATIONS, &labels).increment(1);
        }
    }
    let histogram =
        if waited { histogram!(DURATION, "waited" => "true") } else { histogram!(DURATION, "waited" => "false") };
    histogram.record(stopwatch.0.elapsed().as_secs_f64());
}

pub(crate) fn jwks_fetch(outcome: &'static str) {
    counter!(JWKS_FETCHES, "outcome" => outcome).increment(1);
}

/// Counts a call of the Backend API.
pub fn backend_call(operation: &'static str, outcome: &'static str) {
    counter!(BACKEND_CALLS, "operation" => operation, "outcome" => outcome).increment(1);
}

pub(crate) fn token_cache(outcome: &'static str) {
    counter!(TOKEN_CACHE, "outcome" => outcome).increment(1);
}

/// A reason as a label from a closed set.
fn label(reason: &Reason) -> &'static str {
    match reason {
        Reason::SessionTokenExpired(failure) => match failure {
            // Clerk chooses the code, so the set is open.
            RefreshFailure::Backend(_) => "session-token-expired-refresh-refused",
            RefreshFailure::DecodeFailed => "session-token-expired-refresh-expired-session-token-decode-failed",
            RefreshFailure::FetchError => "session-token-expired-refresh-fetch-error",
            RefreshFailure::InvalidSessionToken => "session-token-expired-refresh-invalid-session-token",
            RefreshFailure::MissingApiClient => "session-token-expired-refresh-missing-api-client",
            RefreshFailure::MissingSid => "session-token-expired-refresh-expired-session-token-missing-sid-claim",
            RefreshFailure::NonEligibleNoRefreshCookie => {
                "session-token-expired-refresh-non-eligible-no-refresh-cookie"
            }
            RefreshFailure::NonEligibleNonGet => "session-token-expired-refresh-non-eligible-non-get",
            RefreshFailure::UnexpectedBapiError => "session-token-expired-refresh-unexpected-bapi-error",
            RefreshFailure::UnexpectedSdkError => "session-token-expired-refresh-unexpected-sdk-error",
        },
        other => match other.as_str() {
            Cow::Borrowed(label) => label,
            Cow::Owned(_) => "other",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_the_reasons_except_backend_error_codes() {
        use RefreshFailure as Failure;
        for failure in [
            Failure::DecodeFailed,
            Failure::FetchError,
            Failure::InvalidSessionToken,
            Failure::MissingApiClient,
            Failure::MissingSid,
            Failure::NonEligibleNoRefreshCookie,
            Failure::NonEligibleNonGet,
            Failure::UnexpectedBapiError,
            Failure::UnexpectedSdkError,
        ] {
            let reason = Reason::SessionTokenExpired(failure);
            assert_eq!(label(&reason), reason.as_str());
        }
        let refused = |code: &str| label(&Reason::SessionTokenExpired(Failure::Backend(code.into())));
        assert_eq!((refused("a"), refused("b")), (refused("c"), "session-token-expired-refresh-refused"));
        assert_eq!(label(&Reason::NoTokenInHeader), "No token in header");
    }
}
