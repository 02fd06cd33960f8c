//! [`AuthState`]: the result of an authentication, which a layer attaches to the request.

use std::time::Duration;

use super::{
    Denied,
    caller::Caller,
    machine::{ApiKey, M2mToken, OAuthToken},
    policy::{Policy, PolicySubject},
    reason::Reason,
    session::{Session, SessionStatus},
};
use crate::token::{AcceptsToken, TokenType};

/// The result of authenticating a request; every framework's layer attaches one to each request.
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
    /// A verified API key.
    ApiKey(ApiKey),
    /// A verified machine-to-machine token.
    M2mToken(M2mToken),
    /// A verified access token of an OAuth application.
    OAuthToken(OAuthToken),
    /// No credential, or none that is accepted.
    SignedOut(SignedOut),
    /// Unknown, because Clerk could not be reached or sent an invalid response.
    Unavailable(Unavailable),
    /// The service is misconfigured; the log names the mistake. Answered with 500.
    Misconfigured(Misconfigured),
}

/// A request without an accepted credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedOut {
    reason: Reason,
    token_type: Option<TokenType>,
}

/// A request that could not be authenticated, because Clerk is unavailable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unavailable {
    reason: Reason,
    token_type: TokenType,
    retry_after: Duration,
}

/// A request that reveals a misconfiguration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misconfigured {
    reason: Reason,
}

impl AuthState {
    pub(crate) const fn signed_out(reason: Reason, token_type: Option<TokenType>) -> Self {
        Self::SignedOut(SignedOut { reason, token_type })
    }

    pub(crate) const fn unavailable(reason: Reason, token_type: TokenType, retry_after: Duration) -> Self {
        Self::Unavailable(Unavailable::new(reason, token_type, retry_after))
    }

    pub(crate) const fn misconfigured(reason: Reason) -> Self {
        Self::Misconfigured(Misconfigured { reason })
    }

    /// The session, if the user is signed in and has no pending task.
    ///
    /// # Errors
    /// The response to send: 401 if the request is signed out, 503 if Clerk is unavailable.
    pub fn session(&self) -> Result<&Session, Denied> {
        match self {
            Self::SignedIn(session) if session.status() == SessionStatus::Active => Ok(session),
            Self::SignedIn(_) => Err(Denied::unauthenticated(Reason::SessionPending)),
            other => Err(other.refusal()),
        }
    }

    /// The sender of the request.
    ///
    /// # Errors
    /// The response to send: 401 if the request is signed out, 503 if Clerk is unavailable.
    pub fn caller(&self) -> Result<Caller, Denied> {
        Ok(match self {
            Self::ApiKey(key) => Caller::ApiKey(key.clone()),
            Self::M2mToken(token) => Caller::M2mToken(token.clone()),
            Self::OAuthToken(token) => Caller::OAuthToken(token.clone()),
            other => Caller::Session(other.session()?.clone()),
        })
    }

    /// Requires a policy.
    ///
    /// # Errors
    /// The response to send: 401 if the request is signed out or no token of its type can satisfy the policy, 403 if
    /// the policy is not satisfied, 503 if Clerk is unavailable.
    pub fn require(&self, policy: &Policy) -> Result<(), Denied> {
        let subject = match self {
            Self::ApiKey(key) => PolicySubject::ApiKey(key),
            Self::M2mToken(token) => PolicySubject::M2mToken(token),
            Self::OAuthToken(token) => PolicySubject::OAuthToken(token),
            other => PolicySubject::Session(other.session()?),
        };
        policy.require(subject)
    }

    /// The session even if it is [pending](SessionStatus::Pending), for pages where the user completes the task.
    #[must_use]
    pub const fn session_or_pending(&self) -> Option<&Session> {
        match self {
            Self::SignedIn(session) => Some(session),
            _ => None,
        }
    }

    /// The API key that the request was sent with.
    ///
    /// # Errors
    /// The response to send: 401 if the request has another token or none, 503 if Clerk is unavailable.
    pub fn api_key(&self) -> Result<&ApiKey, Denied> {
        match self {
            Self::ApiKey(key) => Ok(key),
            other => Err(other.refusal()),
        }
    }

    /// The machine-to-machine token that the request was sent with.
    ///
    /// # Errors
    /// The response to send: 401 if the request has another token or none, 503 if Clerk is unavailable.
    pub fn m2m_token(&self) -> Result<&M2mToken, Denied> {
        match self {
            Self::M2mToken(token) => Ok(token),
            other => Err(other.refusal()),
        }
    }

    /// The OAuth access token that the request was sent with.
    ///
    /// # Errors
    /// The response to send: 401 if the request has another token or none, 503 if Clerk is unavailable.
    pub fn oauth_token(&self) -> Result<&OAuthToken, Denied> {
        match self {
            Self::OAuthToken(token) => Ok(token),
            other => Err(other.refusal()),
        }
    }

    /// The state for a route that accepts fewer types of tokens than the layer.
    ///
    /// With a token of another type, the request is signed out.
    #[must_use]
    pub fn narrow_to(self, accepts: &AcceptsToken) -> Self {
        match self.token_type() {
            Some(kind) if accepts.accepts(kind) => self,
            None if *accepts == AcceptsToken::Any => self,
            _ => {
                let kind = match accepts {
                    AcceptsToken::Only(kind) => Some(*kind),
                    AcceptsToken::Any | AcceptsToken::AnyOf(_) => None,
                };
                Self::signed_out(Reason::TokenTypeMismatch, kind)
            }
        }
    }

    /// The type of the request's token; `None` if the route does not accept it.
    #[must_use]
    pub fn token_type(&self) -> Option<TokenType> {
        match self {
            Self::SignedIn(_) | Self::Misconfigured(_) => Some(TokenType::SessionToken),
            Self::ApiKey(_) => Some(TokenType::ApiKey),
            Self::M2mToken(_) => Some(TokenType::M2mToken),
            Self::OAuthToken(_) => Some(TokenType::OAuthToken),
            Self::SignedOut(signed_out) => signed_out.token_type,
            Self::Unavailable(unavailable) => Some(unavailable.token_type),
        }
    }

    /// Whether the request has a verified token of an accepted type; a session may still be
    /// [pending](SessionStatus::Pending).
    #[must_use]
    pub const fn is_authenticated(&self) -> bool {
        matches!(self, Self::SignedIn(_) | Self::ApiKey(_) | Self::M2mToken(_) | Self::OAuthToken(_))
    }

    /// Why the request is not signed in; `None` if it is.
    #[must_use]
    pub const fn reason(&self) -> Option<&Reason> {
        match self {
            Self::SignedOut(signed_out) => Some(&signed_out.reason),
            Self::Unavailable(unavailable) => Some(&unavailable.reason),
            Self::Misconfigured(misconfigured) => Some(&misconfigured.reason),
            Self::SignedIn(_) | Self::ApiKey(_) | Self::M2mToken(_) | Self::OAuthToken(_) => None,
        }
    }

    /// The response if the request does not have what the route requires.
    fn refusal(&self) -> Denied {
        match self {
            Self::SignedOut(signed_out) => Denied::unauthenticated(signed_out.reason.clone()),
            Self::Unavailable(unavailable) => Denied::unavailable(unavailable.retry_after),
            Self::Misconfigured(_) => Denied::misconfigured(),
            Self::SignedIn(_) | Self::ApiKey(_) | Self::M2mToken(_) | Self::OAuthToken(_) => {
                Denied::unauthenticated(Reason::TokenTypeMismatch)
            }
        }
    }
}

impl SignedOut {
    /// Why the request is signed out.
    #[must_use]
    pub const fn reason(&self) -> &Reason {
        &self.reason
    }
}

impl Unavailable {
    pub(crate) const fn new(reason: Reason, token_type: TokenType, retry_after: Duration) -> Self {
        Self { reason, token_type, retry_after }
    }

    /// Why the request could not be authenticated.
    #[must_use]
    pub const fn reason(&self) -> &Reason {
        &self.reason
    }

    /// How long the client should wait before a retry.
    #[must_use]
    pub const fn retry_after(&self) -> Duration {
        self.retry_after
    }
}

impl Misconfigured {
    /// The misconfiguration; its [detail](Reason::detail) names the fix.
    #[must_use]
    pub const fn reason(&self) -> &Reason {
        &self.reason
    }
}
