//! Verifies single tokens, outside of requests.

use std::fmt;

use serde::de::DeserializeOwned;

use super::{Clerk, authenticate};
use crate::{
    auth::{AuthState, Reason, Session, Unavailable},
    flow::NotVerified,
    token::{TokenError, TokenErrorKind},
};

/// Why a token was not accepted.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum VerifyError {
    /// The session was revoked after the token was issued.
    Revoked,
    /// The token is invalid.
    Token(TokenError),
    /// Verification is impossible now: the instance's keys could not be obtained, or revocations may be missing.
    Unavailable(Unavailable),
}

impl Clerk {
    /// Verifies a session token that did not come in a request's header or cookie, such as one in a WebSocket message.
    ///
    /// The token of a [pending](crate::auth::SessionStatus::Pending) session is valid: check the session's status.
    ///
    /// # Errors
    /// When the token is invalid, its session was [revoked](crate::revocation), or the instance's keys could not be
    /// obtained.
    pub async fn verify_session_token(&self, token: &str) -> Result<Session, VerifyError> {
        match authenticate::authenticate_token(self, token).await.into_auth() {
            AuthState::SignedIn(session) => Ok(session),
            AuthState::Unavailable(unavailable) => Err(VerifyError::Unavailable(unavailable)),
            other if matches!(other.reason(), Some(Reason::SessionRevoked)) => Err(VerifyError::Revoked),
            other => Err(VerifyError::Token(token_error(other.reason()))),
        }
    }

    /// Verifies any token of the instance except a machine token, such as one from a
    /// [JWT template](https://clerk.com/docs/guides/sessions/jwt-templates), and returns its claims.
    ///
    /// The rules for time claims, issuer, audience and authorized party are those for session tokens. The token need not
    /// belong to a session, and [revocations](crate::revocation) are not checked.
    ///
    /// # Errors
    /// When the token is invalid, its claims do not fit into `C`, or the instance's keys could not be obtained.
    pub async fn verify_token<C: DeserializeOwned>(&self, token: &str) -> Result<C, VerifyError> {
        let payload = authenticate::verify_payload(self, token).await?;
        serde_json::from_str(&payload).map_err(|_| VerifyError::Token(TokenErrorKind::Claims.into()))
    }
}

fn token_error(reason: Option<&Reason>) -> TokenError {
    match reason {
        Some(Reason::TokenRefused(kind)) => (*kind).into(),
        _ => TokenErrorKind::Malformed.into(),
    }
}

impl From<NotVerified> for VerifyError {
    fn from(refused: NotVerified) -> Self {
        match refused {
            NotVerified::Unavailable(wait, cause) => Self::Unavailable(NotVerified::unavailable(wait, cause)),
            refused => Self::Token(refused.kind().into()),
        }
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Revoked => f.write_str("the session was revoked"),
            Self::Token(error) => error.fmt(f),
            Self::Unavailable(unavailable) if *unavailable.reason() == Reason::RevocationsUnknown => {
                f.write_str("it is unknown whether the session was revoked")
            }
            Self::Unavailable(_) => f.write_str("the instance's keys could not be obtained"),
        }
    }
}

impl std::error::Error for VerifyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Token(error) => Some(error),
            Self::Revoked | Self::Unavailable(_) => None,
        }
    }
}
