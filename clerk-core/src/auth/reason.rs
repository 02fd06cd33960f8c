//! Why a request is not signed in.

use std::{borrow::Cow, fmt};

use crate::token::{TokenError, TokenErrorKind};

/// Why a request is not signed in, or why a browser is sent through a handshake.
///
/// For the operator: clients get the same answer for all of them. The strings are those that Clerk's own SDK writes
/// into `x-clerk-auth-reason`, so that dashboards and alerts go on working.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The page belongs to another organization than the session's active one.
    ActiveOrganizationMismatch,
    /// The browser is signed in, but holds no session token.
    ClientUatWithoutSessionToken,
    /// A development browser that the instance does not know yet.
    DevBrowserMissing,
    /// A development browser that the instance has just introduced through the query.
    DevBrowserSync,
    /// The handshake token could not be verified; only in development, where it is shown.
    HandshakeFailed(TokenErrorKind),
    /// No instance is configured for the request's host.
    InstanceUnknown,
    /// A machine's token could not be checked: the Backend API did not answer as it should.
    MachineTokenUnavailable,
    /// A machine's token is unknown, revoked or expired.
    MachineTokenInvalid,
    /// A machine's token in JWT form is refused.
    MachineTokenRefused(TokenErrorKind),
    /// The route accepts tokens in the `Authorization` header alone, and there is none.
    NoTokenInHeader,
    /// A WebSocket's cookies do not count, because the page that opened it is none of this application's.
    OriginRefused,
    /// The browser came from a satellite domain, so that the session may have changed there.
    PrimaryDomainCrossOriginSync,
    /// A satellite asked the primary domain about the session.
    PrimaryRespondsToSyncing,
    /// A satellite asked the primary domain about the session, with a return address that is none.
    ReturnAddressInvalid,
    /// A satellite domain that has not heard from the primary one yet.
    SatelliteNeedsSyncing,
    /// The Backend API refused the secret key.
    SecretKeyInvalid,
    /// More was revoked than could be remembered, or revocations may be missing: nobody can tell about this session.
    RevocationsUnknown,
    /// The Backend API says that the session is not active any more.
    SessionInactive,
    /// The session still has a task to complete.
    SessionPending,
    /// The session was revoked, or its user was, after the token was issued.
    SessionRevoked,
    /// The request carries no sign of a session.
    SessionTokenAndUatMissing,
    /// The browser holds a session token, but nothing says that it is signed in.
    SessionTokenButNoClientUat,
    /// The route asks whether the session is still active, and the Backend API did not answer.
    SessionStatusUnknown,
    /// The session token has expired, and was not refreshed.
    SessionTokenExpired(RefreshFailure),
    /// The session token is older than the last sign-in or sign-out.
    SessionTokenIatBeforeClientUat,
    /// The session token was issued in the future.
    SessionTokenIatInTheFuture,
    /// The handshake brought no session.
    SessionTokenMissing,
    /// The session token is not valid yet.
    SessionTokenNotActiveYet,
    /// A WebSocket offers several session tokens.
    SeveralTokens,
    /// A satellite's sign-in page lies on the satellite itself.
    SignInUrlOnSatellite,
    /// The keys could not be loaded: the endpoint answered, but with none.
    KeysNotLoaded,
    /// The request carries a session token that is refused.
    TokenRefused(TokenErrorKind),
    /// The request carries a token of a kind that the route does not accept.
    TokenTypeMismatch,
    /// Nobody could tell: Clerk could not be reached.
    Unreachable,
    /// The Backend API says that the user is banned.
    UserBanned,
    /// The Backend API knows no such user: it was deleted.
    UserUnknown,
}

/// Why an expired session was not refreshed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefreshFailure {
    /// The Backend API refused, with this error code.
    Backend(Box<str>),
    /// The cookie in the expired token's place is no token.
    DecodeFailed,
    /// The Backend API could not be reached.
    FetchError,
    /// The new token is not accepted either.
    InvalidSessionToken,
    /// There is no secret key to ask the Backend API with, or refreshing is switched off.
    MissingApiClient,
    /// The expired token names no session.
    MissingSid,
    /// There is no refresh cookie.
    NonEligibleNoRefreshCookie,
    /// The request is no GET.
    NonEligibleNonGet,
    /// The Backend API answered with something else than an error of its own.
    UnexpectedBapiError,
    /// The Backend API answered without a cookie.
    UnexpectedSdkError,
}

impl Reason {
    /// The reason as Clerk's own SDK spells it, where it has one.
    #[must_use]
    pub fn as_str(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::ActiveOrganizationMismatch => "active-organization-mismatch",
            Self::ClientUatWithoutSessionToken => "client-uat-but-no-session-token",
            Self::DevBrowserMissing => "dev-browser-missing",
            Self::DevBrowserSync => "dev-browser-sync",
            Self::HandshakeFailed(_) => "handshake-failed",
            Self::InstanceUnknown => "instance-unknown",
            Self::KeysNotLoaded => "jwk-remote-failed-to-load",
            Self::MachineTokenInvalid => "token-invalid",
            Self::MachineTokenRefused(TokenErrorKind::Category | TokenErrorKind::Malformed) => "token-invalid",
            Self::MachineTokenRefused(_) => "token-verification-failed",
            Self::MachineTokenUnavailable | Self::Unreachable => "unexpected-error",
            Self::NoTokenInHeader => "No token in header",
            Self::OriginRefused => "origin-refused",
            Self::PrimaryDomainCrossOriginSync => "primary-domain-cross-origin-sync",
            Self::PrimaryRespondsToSyncing => "primary-responds-to-syncing",
            Self::ReturnAddressInvalid => "return-address-invalid",
            Self::RevocationsUnknown => "revocations-unknown",
            Self::SatelliteNeedsSyncing => "satellite-needs-syncing",
            Self::SecretKeyInvalid => "secret-key-invalid",
            Self::SessionInactive => "session-inactive",
            Self::SessionPending => "session-pending",
            Self::SessionRevoked => "session-revoked",
            Self::SessionStatusUnknown => "session-status-unknown",
            Self::SessionTokenAndUatMissing => "session-token-and-uat-missing",
            Self::SessionTokenButNoClientUat => "session-token-but-no-client-uat",
            Self::SessionTokenExpired(failure) => {
                return Cow::Owned(format!("session-token-expired-refresh-{}", failure.as_str()));
            }
            Self::SessionTokenIatBeforeClientUat => "session-token-iat-before-client-uat",
            Self::SessionTokenIatInTheFuture => "session-token-iat-in-the-future",
            Self::SessionTokenMissing => "session-token-missing",
            Self::SessionTokenNotActiveYet => "session-token-nbf",
            Self::SeveralTokens => "several-tokens",
            Self::SignInUrlOnSatellite => "sign-in-url-on-satellite",
            Self::TokenRefused(kind) => TokenError::new(*kind).reason(),
            Self::TokenTypeMismatch => "token-type-mismatch",
            Self::UserBanned => "user-banned",
            Self::UserUnknown => "user-unknown",
        })
    }

    /// What happened and what to look at, for the operator's log.
    #[must_use]
    pub const fn detail(&self) -> &'static str {
        match self {
            Self::ActiveOrganizationMismatch => {
                "the page belongs to another organization than the session's active one"
            }
            Self::ClientUatWithoutSessionToken => "the browser is signed in, but holds no session token",
            Self::DevBrowserMissing => "the instance does not know this browser yet (development only)",
            Self::DevBrowserSync => "the instance has just introduced this browser (development only)",
            Self::HandshakeFailed(TokenErrorKind::Signature) => {
                "the handshake token is signed with another key: if you switched instances, clear this site's cookies; else check that CLERK_SECRET_KEY and CLERK_PUBLISHABLE_KEY are of the same instance"
            }
            Self::HandshakeFailed(_) => {
                "the handshake token could not be verified: check that CLERK_SECRET_KEY and CLERK_PUBLISHABLE_KEY are of the same instance"
            }
            Self::InstanceUnknown => "no instance is configured for the request's host",
            Self::KeysNotLoaded => "the instance's keys could not be loaded; the log's last warning says why",
            Self::MachineTokenInvalid => "the machine token is unknown, revoked or expired",
            Self::MachineTokenRefused(kind) | Self::TokenRefused(kind) => TokenError::new(*kind).text(),
            Self::MachineTokenUnavailable => "the machine token could not be checked with the Backend API",
            Self::NoTokenInHeader => "the request has no Authorization header with a token",
            Self::OriginRefused => {
                "a page of another origin, or of none, opened a WebSocket with cookies: if it is one of yours, name its origin in Authenticator::websocket_origins; behind a proxy that sets no X-Forwarded-Host and X-Forwarded-Proto, set ClerkBuilder::public_origin"
            }
            Self::PrimaryDomainCrossOriginSync => "the browser came from another domain of the application",
            Self::PrimaryRespondsToSyncing => "a satellite domain asked about the session",
            Self::ReturnAddressInvalid => "a satellite domain asked about the session, with an address that is none",
            Self::SatelliteNeedsSyncing => {
                "the satellite domain has not heard from the primary one yet; if this repeats, check that both domains belong to the instance"
            }
            Self::SecretKeyInvalid => "the Backend API refused the secret key: copy CLERK_SECRET_KEY again",
            Self::RevocationsUnknown => {
                "it is not known whether the session was revoked: the store is out of reach, or full; the log's last warning says which"
            }
            Self::SessionInactive => "the Backend API says that the session is not active any more",
            Self::SessionPending => "the session still has a task to complete",
            Self::SessionRevoked => "the session was revoked after the token was issued",
            Self::SessionStatusUnknown => {
                "the Backend API could not say whether the session is still active; the log's last warning says why"
            }
            Self::SessionTokenAndUatMissing => "the request carries no sign of a session",
            Self::SessionTokenButNoClientUat => {
                "the request has a session cookie, but no __client_uat cookie that says that the browser is signed in"
            }
            Self::SessionTokenExpired(_) => "the session token has expired and was not refreshed",
            Self::SessionTokenIatBeforeClientUat => "the session token is older than the last sign-in or sign-out",
            Self::SessionTokenIatInTheFuture => {
                "the session token was issued in the future: check this machine's clock"
            }
            Self::SessionTokenMissing => "the handshake brought no session",
            Self::SessionTokenNotActiveYet => "the session token is not valid yet: check this machine's clock",
            Self::SeveralTokens => "the WebSocket offers several session tokens, where one can count",
            Self::SignInUrlOnSatellite => {
                "CLERK_SIGN_IN_URL lies on the satellite itself: it must be the absolute address of the primary domain's sign-in page"
            }
            Self::TokenTypeMismatch => "the request carries a token of a kind that is not accepted here",
            Self::Unreachable => "Clerk could not be reached; the log's last warning says why",
            Self::UserBanned => "the Backend API says that the user is banned",
            Self::UserUnknown => "the Backend API knows no such user, who was deleted after the token was issued",
        }
    }

    /// Whether the request carried nothing that could have been accepted.
    pub(crate) const fn is_without_credential(&self) -> bool {
        matches!(
            self,
            Self::ClientUatWithoutSessionToken
                | Self::DevBrowserMissing
                | Self::DevBrowserSync
                | Self::InstanceUnknown
                | Self::NoTokenInHeader
                | Self::PrimaryRespondsToSyncing
                | Self::SatelliteNeedsSyncing
                | Self::SessionTokenAndUatMissing
                | Self::SessionTokenMissing
        )
    }
}

impl RefreshFailure {
    /// The failure as Clerk's own SDK spells it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Backend(code) => code,
            Self::DecodeFailed => "expired-session-token-decode-failed",
            Self::FetchError => "fetch-error",
            Self::InvalidSessionToken => "invalid-session-token",
            Self::MissingApiClient => "missing-api-client",
            Self::MissingSid => "expired-session-token-missing-sid-claim",
            Self::NonEligibleNoRefreshCookie => "non-eligible-no-refresh-cookie",
            Self::NonEligibleNonGet => "non-eligible-non-get",
            Self::UnexpectedBapiError => "unexpected-bapi-error",
            Self::UnexpectedSdkError => "unexpected-sdk-error",
        }
    }

    /// The failure that an error code of the Backend API stands for; what could not stand in a header is not repeated.
    pub(crate) fn from_code(code: &str) -> Self {
        let plain = !code.is_empty()
            && code.len() <= 64
            && code.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        if plain { Self::Backend(code.into()) } else { Self::UnexpectedBapiError }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.as_str())
    }
}
