//! A session token in the `Authorization` header.

use super::refresh;
use crate::{
    auth::{AuthState, Session},
    flow::{
        RequestState,
        context::Context,
        need::{Answers, Decided},
        request::{credential::Credential, facts::Facts},
        verify::{self, Expect, Presented},
    },
    token::{AcceptsToken, TokenType},
};

/// Fast path: a Bearer session token found in the cache. Not for satellites, which may need a handshake first.
pub(crate) fn cached_session(context: &Context<'_>, credential: &Credential<'_>, answers: &Answers) -> Option<Session> {
    if context.options.accepts != AcceptsToken::Only(TokenType::SessionToken) || context.settings.is_satellite {
        return None;
    }
    let Credential::Token(token) = credential else { return None };
    verify::cached_session(context, token, answers)
}

pub(crate) fn decide(context: &Context<'_>, facts: &Facts<'_>, answers: &Answers) -> Decided<RequestState> {
    let token = Presented::Header(facts);
    match verify::session(context, &token, Expect::SessionToken, answers)? {
        Ok(session) => Ok(RequestState::new(AuthState::SignedIn(session), context)),
        Err(refused) => refresh::refresh_or_refuse(context, facts, &token, refused, answers),
    }
}
