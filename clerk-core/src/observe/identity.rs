//! The ids of whoever sent a request.

use crate::{auth::AuthState, token::TokenType};

/// Ids and nothing else, under the names that spans and audit events have for them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Who<'a> {
    pub(super) token_type: Option<&'static str>,
    pub(super) user_id: Option<&'a str>,
    pub(super) session_id: Option<&'a str>,
    pub(super) org_id: Option<&'a str>,
    pub(super) actor: Option<&'a str>,
    pub(super) machine_id: Option<&'a str>,
    pub(super) client_id: Option<&'a str>,
    pub(super) token_id: Option<&'a str>,
}

impl<'a> Who<'a> {
    pub(super) fn of(auth: &'a AuthState) -> Self {
        let nobody = Self { token_type: auth.token_type().map(TokenType::as_str), ..Self::default() };
        match auth {
            AuthState::SignedIn(session) => Self {
                user_id: Some(session.user_id().as_str()),
                session_id: Some(session.session_id().as_str()),
                org_id: session.org_id().map(AsRef::as_ref),
                actor: session.actor().map(|actor| actor.subject()),
                ..nobody
            },
            AuthState::ApiKey(key) => Self {
                user_id: Some(key.subject()).filter(|subject| subject.starts_with("user_")),
                org_id: Some(key.subject()).filter(|subject| subject.starts_with("org_")),
                token_id: Some(key.id()),
                ..nobody
            },
            AuthState::M2mToken(token) => {
                Self { machine_id: Some(token.machine_id()), token_id: Some(token.id()), ..nobody }
            }
            AuthState::OAuthToken(token) => Self {
                user_id: Some(token.subject()),
                client_id: token.client_id(),
                token_id: Some(token.id()),
                ..nobody
            },
            AuthState::SignedOut(_) | AuthState::Unavailable(_) | AuthState::Misconfigured(_) => nobody,
        }
    }
}
