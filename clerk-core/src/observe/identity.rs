//! [`Identity`]: the ids of a request's sender.

use crate::{auth::AuthState, base::time::Timestamp, token::TokenType};

/// Ids only, under the field names of spans and audit events.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Identity<'a> {
    pub(super) token_type: Option<&'static str>,
    pub(super) user_id: Option<&'a str>,
    pub(super) session_id: Option<&'a str>,
    pub(super) org_id: Option<&'a str>,
    pub(super) actor: Option<&'a str>,
    /// When Clerk read the claims, in Unix seconds.
    pub(super) claims_as_of: Option<i64>,
    pub(super) machine_id: Option<&'a str>,
    pub(super) client_id: Option<&'a str>,
    pub(super) token_id: Option<&'a str>,
}

impl<'a> Identity<'a> {
    pub(super) fn of(auth: &'a AuthState) -> Self {
        let base = Self { token_type: auth.token_type().map(TokenType::as_str), ..Self::default() };
        match auth {
            AuthState::SignedIn(session) => Self {
                user_id: Some(session.user_id().as_str()),
                session_id: Some(session.session_id().as_str()),
                org_id: session.org_id().map(AsRef::as_ref),
                actor: session.actor().map(|actor| actor.subject()),
                claims_as_of: session.claims_as_of().map(Timestamp::unix_seconds),
                ..base
            },
            AuthState::ApiKey(key) => Self {
                user_id: Some(key.subject()).filter(|subject| subject.starts_with("user_")),
                org_id: Some(key.subject()).filter(|subject| subject.starts_with("org_")),
                token_id: Some(key.id()),
                ..base
            },
            AuthState::M2mToken(token) => {
                Self { machine_id: Some(token.machine_id()), token_id: Some(token.id()), ..base }
            }
            AuthState::OAuthToken(token) => Self {
                user_id: Some(token.subject()),
                actor: token.actor().map(|actor| actor.subject()),
                client_id: token.client_id(),
                token_id: Some(token.id()),
                ..base
            },
            AuthState::SignedOut(_) | AuthState::Unavailable(_) | AuthState::Misconfigured(_) => base,
        }
    }
}
