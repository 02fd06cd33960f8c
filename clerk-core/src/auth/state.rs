//! What the layer attaches to a request.

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
    /// A verified API key.
    ApiKey(ApiKey),
    /// A verified machine-to-machine token.
    M2mToken(M2mToken),
    /// A verified access token of an OAuth application.
    OAuthToken(OAuthToken),
    /// No credential, or none that is accepted.
    SignedOut(SignedOut),
    /// Nobody could tell: Clerk could not be reached, or did not answer as it should.
    Unavailable(Unavailable),
    /// The developer's mistake, which the log names: answered with 500.
    Misconfigured(Misconfigured),
}

/// A request without an accepted credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedOut {
    reason: Reason,
    token_type: Option<TokenType>,
}

/// A request that could not be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unavailable {
    reason: Reason,
    token_type: TokenType,
    retry_after: Duration,
}

/// A request that shows that something is set up wrongly.
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

    /// The session, when somebody is signed in and has no task left to do.
    ///
    /// # Errors
    /// The refusal to answer with: 401 when nobody is signed in, 503 when nobody could tell.
    pub fn session(&self) -> Result<&Session, Denied> {
        match self {
            Self::SignedIn(session) if session.status() == SessionStatus::Active => Ok(session),
            Self::SignedIn(_) => Err(Denied::unauthenticated(Reason::SessionPending)),
            other => Err(other.refusal()),
        }
    }

    /// Whoever sent the request, when that is known.
    ///
    /// # Errors
    /// The refusal to answer with: 401 when nobody is signed in, 503 when nobody could tell.
    pub fn caller(&self) -> Result<Caller, Denied> {
        Ok(match self {
            Self::ApiKey(key) => Caller::ApiKey(key.clone()),
            Self::M2mToken(token) => Caller::M2mToken(token.clone()),
            Self::OAuthToken(token) => Caller::OAuthToken(token.clone()),
            other => Caller::Session(other.session()?.clone()),
        })
    }

    /// Asks for a policy.
    ///
    /// # Errors
    /// The refusal to answer with: 401 when nobody is signed in or the policy is about tokens of other kinds, 403 when
    /// it is not satisfied, 503 when nobody could tell.
    pub fn require(&self, policy: &Policy) -> Result<(), Denied> {
        let subject = match self {
            Self::ApiKey(key) => PolicySubject::Machine(TokenType::ApiKey, key.data()),
            Self::M2mToken(token) => PolicySubject::Machine(TokenType::M2mToken, token.data()),
            Self::OAuthToken(token) => PolicySubject::Machine(TokenType::OAuthToken, token.data()),
            other => PolicySubject::Session(other.session()?),
        };
        Ok(policy.check(subject)?)
    }

    /// The session even if it is [pending](SessionStatus::Pending), for the pages where its task is done.
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
    /// The refusal to answer with: 401 when it was sent with anything else, 503 when nobody could tell.
    pub fn api_key(&self) -> Result<&ApiKey, Denied> {
        match self {
            Self::ApiKey(key) => Ok(key),
            other => Err(other.refusal()),
        }
    }

    /// The machine-to-machine token that the request was sent with.
    ///
    /// # Errors
    /// The refusal to answer with: 401 when it was sent with anything else, 503 when nobody could tell.
    pub fn m2m_token(&self) -> Result<&M2mToken, Denied> {
        match self {
            Self::M2mToken(token) => Ok(token),
            other => Err(other.refusal()),
        }
    }

    /// The OAuth access token that the request was sent with.
    ///
    /// # Errors
    /// The refusal to answer with: 401 when it was sent with anything else, 503 when nobody could tell.
    pub fn oauth_token(&self) -> Result<&OAuthToken, Denied> {
        match self {
            Self::OAuthToken(token) => Ok(token),
            other => Err(other.refusal()),
        }
    }

    /// The same state for a route that accepts fewer kinds of tokens than the layer.
    ///
    /// A token of another kind leaves the request signed out.
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

    /// What kind of token the request was judged by; `None` when it is none that the route accepts.
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

    /// Whether the request carries a verified token of an accepted kind; a session may still be
    /// [pending](SessionStatus::Pending).
    #[must_use]
    pub const fn is_authenticated(&self) -> bool {
        matches!(self, Self::SignedIn(_) | Self::ApiKey(_) | Self::M2mToken(_) | Self::OAuthToken(_))
    }

    /// Why the request is not signed in; `None` when it is.
    #[must_use]
    pub const fn reason(&self) -> Option<&Reason> {
        match self {
            Self::SignedOut(signed_out) => Some(&signed_out.reason),
            Self::Unavailable(unavailable) => Some(&unavailable.reason),
            Self::Misconfigured(misconfigured) => Some(&misconfigured.reason),
            Self::SignedIn(_) | Self::ApiKey(_) | Self::M2mToken(_) | Self::OAuthToken(_) => None,
        }
    }

    /// The answer to a request that is not what a route wants.
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

    /// What could not be had.
    #[must_use]
    pub const fn reason(&self) -> &Reason {
        &self.reason
    }

    /// How long a client should wait before it tries again.
    #[must_use]
    pub const fn retry_after(&self) -> Duration {
        self.retry_after
    }
}

impl Misconfigured {
    /// What is set up wrongly; its [detail](Reason::detail) names the fix.
    #[must_use]
    pub const fn reason(&self) -> &Reason {
        &self.reason
    }
}
