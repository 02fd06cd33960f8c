//! [`Caller`]: the sender of a request, for routes that accept several types of tokens.

use super::{
    ids::{OrgId, UserId},
    machine::{ApiKey, M2mToken, OAuthToken},
    session::Session,
};
use crate::token::TokenType;

/// The sender of a request, for routes that accept several types of tokens.
///
/// ```
/// use clerk_core::Caller;
///
/// fn name(caller: &Caller) -> String {
///     match caller {
///         Caller::Session(session) => format!("user {}", session.user_id()),
///         Caller::ApiKey(key) => format!("key {} of {}", key.id(), key.subject()),
///         Caller::M2mToken(token) => format!("machine {}", token.machine_id()),
///         Caller::OAuthToken(token) => {
///             format!("application {:?} of {}", token.client_id(), token.user_id())
///         }
///     }
/// }
/// ```
#[derive(Debug, Clone)]
pub enum Caller {
    /// A signed-in user, whose session has no pending task.
    Session(Session),
    /// An API key.
    ApiKey(ApiKey),
    /// A machine.
    M2mToken(M2mToken),
    /// An OAuth application.
    OAuthToken(OAuthToken),
}

impl Caller {
    /// The type of the request's token.
    #[must_use]
    pub const fn token_type(&self) -> TokenType {
        match self {
            Self::Session(_) => TokenType::SessionToken,
            Self::ApiKey(_) => TokenType::ApiKey,
            Self::M2mToken(_) => TokenType::M2mToken,
            Self::OAuthToken(_) => TokenType::OAuthToken,
        }
    }

    /// The user on whose behalf the request is made; `None` for machines and for API keys of organizations.
    #[must_use]
    pub fn user_id(&self) -> Option<UserId> {
        match self {
            Self::Session(session) => Some(session.user_id().clone()),
            Self::ApiKey(key) => key.user_id(),
            Self::M2mToken(_) => None,
            Self::OAuthToken(token) => Some(token.user_id()),
        }
    }

    /// The organization on whose behalf the request is made: the session's active one, or the owner of the API key.
    #[must_use]
    pub fn org_id(&self) -> Option<OrgId> {
        match self {
            Self::Session(session) => session.org_id().cloned(),
            Self::ApiKey(key) => key.org_id(),
            Self::M2mToken(_) | Self::OAuthToken(_) => None,
        }
    }

    /// Whether the token was granted this scope; always `false` for sessions, which have permissions instead.
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        match self {
            Self::Session(_) => false,
            Self::ApiKey(key) => key.has_scope(scope),
            Self::M2mToken(token) => token.has_scope(scope),
            Self::OAuthToken(token) => token.has_scope(scope),
        }
    }
}
