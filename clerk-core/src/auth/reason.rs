//! [`Reason`]: why a request is not signed in.

use std::{borrow::Cow, fmt};

use crate::token::{TokenError, TokenErrorKind};

/// Why a request is not signed in, or why a browser is sent through a handshake.
///
/// For the operator: the response to the client is the same for all reasons. The strings are those that Clerk's own SDK
/// writes to `x-clerk-auth-reason`, so that existing dashboards and alerts still work.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The page belongs to another organization than the session's active one.
    ActiveOrganizationMismatch,
    /// The browser is signed in, but has no session token.
    ClientUatWithoutSessionToken,
    /// The browser has no dev browser token yet (development only).
    DevBrowserMissing,
    /// The browser has just received a dev browser token in the query (development only).
    DevBrowserSync,
    /// The handshake token could not be verified; only reported in development.
    HandshakeFailed(TokenErrorKind),
    /// No instance is configured for the request's host.
    InstanceUnknown,
    /// The JWKS endpoint responded without keys.
    KeysNotLoaded,
    /// The machine token is unknown, revoked or expired.
    MachineTokenInvalid,
    /// The machine token in JWT form was refused.
    MachineTokenRefused(TokenErrorKind),
    /// The machine token could not be looked up, because the Backend API failed.
    MachineTokenUnavailable,
    /// The route accepts only tokens in the `Authorization` header, and the request has none.
    NoTokenInHeader,
    /// The cookies are ignored, because a page of another application opened the WebSocket or sent the request.
    OriginRefused,
    /// The browser came from another domain of the application, where the session may have changed.
    PrimaryDomainCrossOriginSync,
    /// A satellite asked the primary domain about the session.
    PrimaryRespondsToSyncing,
    /// It is unknown whether the session is revoked: the store is full, or out of date.
    RevocationsUnknown,
    /// The satellite domain has not synced with the primary domain yet.
    SatelliteNeedsSyncing,
    /// The Backend API refused the secret key.
    SecretKeyInvalid,
    /// The Backend API says that the session is no longer active.
    SessionInactive,
    /// The session still has a task to complete.
    SessionPending,
    /// The session, or all sessions of its user, were revoked after the token was issued.
    SessionRevoked,
    /// The route checks the session with Clerk, and the Backend API failed.
    SessionStatusUnknown,
    /// The request has no session token and no sign of one.
    SessionTokenAndUatMissing,
    /// The browser has a session token, but no `__client_uat` cookie that says it is signed in.
    SessionTokenButNoClientUat,
    /// The session token has expired and was not refreshed.
    SessionTokenExpired(RefreshFailure),
    /// The session token is older than the last sign-in or sign-out.
    SessionTokenIatBeforeClientUat,
    /// The session token was issued in the future.
    SessionTokenIatInTheFuture,
    /// The handshake returned no session.
    SessionTokenMissing,
    /// The session token is not valid yet.
    SessionTokenNotActiveYet,
    /// The WebSocket request has several session tokens.
    SeveralTokens,
    /// The satellite's sign-in page is on the satellite itself.
    SignInUrlOnSatellite,
    /// The session token was refused.
    TokenRefused(TokenErrorKind),
    /// The route does not accept this type of token.
    TokenTypeMismatch,
    /// Clerk could not be reached.
    Unreachable,
    /// The Backend API says that the user is banned.
    UserBanned,
    /// The Backend API says that directory sync has deprovisioned the user.
    UserDeprovisioned,
    /// The Backend API does not know the user, who was deleted.
    UserUnknown,
}

/// Why an expired session was not refreshed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefreshFailure {
    /// The Backend API refused, with this error code.
    Backend(Box<str>),
    /// The expired token cannot be decoded.
    DecodeFailed,
    /// The Backend API could not be reached.
    FetchError,
    /// The new token was also refused.
    InvalidSessionToken,
    /// There is no secret key for the Backend API, or refreshing is disabled.
    MissingApiClient,
    /// The expired token has no session id.
    MissingSid,
    /// There is no refresh cookie.
    NonEligibleNoRefreshCookie,
    /// The request is not a GET request.
    NonEligibleNonGet,
    /// The Backend API sent an unexpected response.
    UnexpectedBapiError,
    /// The Backend API sent no cookie.
    UnexpectedSdkError,
}

impl Reason {
    /// The reason's name, the same as in Clerk's own SDK if it has one.
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
            Self::UserDeprovisioned => "user-deprovisioned",
            Self::UserUnknown => "user-unknown",
        })
    }

    /// What happened and how to fix it, for the operator's log.
    #[must_use]
    pub const fn detail(&self) -> &'static str {
        match self {
            Self::ActiveOrganizationMismatch => {
                "the page belongs to another organization than the session's active one"
            }
            Self::ClientUatWithoutSessionToken => "the browser is signed in, but has no session token",
            Self::DevBrowserMissing => {
                "there is no bearer token and no session cookie (an Authorization header counts only as `Bearer <token>`), and the browser has no dev browser token yet (development only)"
            }
            Self::DevBrowserSync => "the browser has just received a dev browser token (development only)",
            Self::HandshakeFailed(TokenErrorKind::Signature) => {
                "the handshake token is signed with another key: if you switched instances, clear this site's cookies; else check that CLERK_SECRET_KEY and CLERK_PUBLISHABLE_KEY belong to the same instance"
            }
            Self::HandshakeFailed(_) => {
                "the handshake token could not be verified: check that CLERK_SECRET_KEY and CLERK_PUBLISHABLE_KEY belong to the same instance"
            }
            Self::InstanceUnknown => "no instance is configured for the request's host",
            Self::KeysNotLoaded => "the instance's keys could not be loaded; the log's last warning says why",
            Self::MachineTokenInvalid => "the machine token is unknown, revoked or expired",
            Self::MachineTokenRefused(kind) | Self::TokenRefused(kind) => TokenError::new(*kind).text(),
            Self::MachineTokenUnavailable => "the machine token could not be checked with the Backend API",
            Self::NoTokenInHeader => "the request has no Authorization header with a token",
            Self::OriginRefused => {
                "a page of another origin, or a client without an origin, opened a WebSocket with cookies, or sent a request that changes something to a route with Authenticator::same_origin_only: if the page is yours, add its origin to Authenticator::websocket_origins or same_origin_or; behind a proxy that sets no X-Forwarded-Host and X-Forwarded-Proto, set ClerkBuilder::public_origin"
            }
            Self::PrimaryDomainCrossOriginSync => "the browser came from another domain of the application",
            Self::PrimaryRespondsToSyncing => "a satellite domain asked about the session",
            Self::SatelliteNeedsSyncing => {
                "the satellite domain has not synced with the primary domain yet; if this repeats, check that both domains belong to the instance"
            }
            Self::SecretKeyInvalid => "the Backend API refused the secret key: copy CLERK_SECRET_KEY again",
            Self::RevocationsUnknown => {
                "it is unknown whether the session is revoked: the store cannot be reached or is full; the log's last warning says which"
            }
            Self::SessionInactive => "the Backend API says that the session is no longer active",
            Self::SessionPending => "the session still has a task to complete",
            Self::SessionRevoked => "the session was revoked after the token was issued",
            Self::SessionStatusUnknown => {
                "the Backend API could not say whether the session is still active; the log's last warning says why"
            }
            Self::SessionTokenAndUatMissing => "the request has no session token and no sign of one",
            Self::SessionTokenButNoClientUat => {
                "the request has a session cookie, but no __client_uat cookie that says that the browser is signed in"
            }
            Self::SessionTokenExpired(_) => "the session token has expired and was not refreshed",
            Self::SessionTokenIatBeforeClientUat => "the session token is older than the last sign-in or sign-out",
            Self::SessionTokenIatInTheFuture => {
                "the session token was issued in the future: check this machine's clock"
            }
            Self::SessionTokenMissing => "the handshake returned no session",
            Self::SessionTokenNotActiveYet => "the session token is not valid yet: check this machine's clock",
            Self::SeveralTokens => "the WebSocket request has several session tokens, and only one is allowed",
            Self::SignInUrlOnSatellite => {
                "CLERK_SIGN_IN_URL is on the satellite itself: it must be the absolute address of the primary domain's sign-in page"
            }
            Self::TokenTypeMismatch => "the route does not accept this type of token",
            Self::Unreachable => "Clerk could not be reached; the log's last warning says why",
            Self::UserBanned => "the Backend API says that the user is banned",
            Self::UserDeprovisioned => "the Backend API says that directory sync has deprovisioned the user",
            Self::UserUnknown => "the Backend API does not know the user, who was deleted after the token was issued",
        }
    }

    /// Whether signing in again may help. It does not where the settings of this service refuse the tokens that Clerk
    /// issues for it, or where the route accepts no session.
    pub(crate) const fn is_cured_by_sign_in(&self) -> bool {
        use TokenErrorKind as Kind;
        !matches!(
            self,
            Self::InstanceUnknown
                | Self::MachineTokenInvalid
                | Self::MachineTokenRefused(_)
                | Self::NoTokenInHeader
                | Self::OriginRefused
                | Self::SignInUrlOnSatellite
                | Self::TokenTypeMismatch
                | Self::TokenRefused(
                    Kind::Audience
                        | Kind::AuthorizedParties
                        | Kind::AuthorizedPartyMissing
                        | Kind::Issuer
                        | Kind::NoKeySource
                        | Kind::UnusableKey
                )
        )
    }

    /// Whether the request had no credential at all.
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
    /// The failure's name in Clerk's own SDK.
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

    /// The failure for an error code of the Backend API. A code that is not safe in a header is dropped.
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
