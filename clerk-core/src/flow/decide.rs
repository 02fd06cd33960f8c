//! Decides who sent a request: chooses the path, then finishes what the path decided.

use super::{
    RequestState,
    context::Context,
    finish::finish,
    need::{Answers, Decided},
    path::{bearer, cookie, machine, satellite, websocket},
    request::{
        credential::{Credential, find_credential},
        facts::Facts,
        view::{OwnedRequest, RequestView},
    },
    respond::request_state::misconfigured,
    verify::{self, Expect, NotVerified, Presented},
};
use crate::{
    auth::{AuthState, Reason},
    token::{AcceptsToken, TokenType},
};

/// Decides who sent a request, or says what must be fetched first.
///
/// It runs again from the start with each answer and with the current time: a token that was fetched meanwhile is
/// younger than the first run.
pub(crate) fn decide(context: &Context<'_>, view: &RequestView<'_>, answers: &Answers) -> Decided<RequestState> {
    let credential = find_credential(view);
    match bearer::cached_session(context, &credential, answers) {
        Some(session) => finish(context, view, RequestState::new(AuthState::SignedIn(session), context), answers),
        None => decide_by_path(context, view, credential, answers),
    }
}

/// Kept out of line, so that a cached token needs a small stack frame and no facts.
#[inline(never)]
fn decide_by_path(
    context: &Context<'_>,
    view: &RequestView<'_>,
    credential: Credential<'_>,
    answers: &Answers,
) -> Decided<RequestState> {
    let facts = Facts::with_credential(*view, credential);
    let state = follow_path(context, &facts, answers)?;
    finish(context, view, state, answers)
}

fn follow_path(context: &Context<'_>, facts: &Facts<'_>, answers: &Answers) -> Decided<RequestState> {
    let accepts = &context.options.accepts;
    if *accepts != AcceptsToken::Only(TokenType::M2mToken) && satellite::sign_in_url_is_same_origin(context, facts) {
        return Ok(misconfigured(Reason::SignInUrlOnSatellite, context));
    }
    if *accepts == AcceptsToken::Only(TokenType::SessionToken) {
        return if facts.header_bytes().is_some() {
            bearer::decide(context, facts, answers)
        } else {
            follow_browser(context, facts, answers)
        };
    }
    let token = facts.header_token();
    let machine = token.and_then(|token| machine::detect_type(context, token));
    match (token, machine, accepts) {
        (_, kind, AcceptsToken::AnyOf(_)) if !accepts.accepts(kind.unwrap_or(TokenType::SessionToken)) => {
            Ok(RequestState::new(AuthState::signed_out(Reason::TokenTypeMismatch, None), context))
        }
        (Some(token), Some(kind), AcceptsToken::Any | AcceptsToken::AnyOf(_)) => {
            machine::decide(context, kind, token, answers)
        }
        (Some(_), None, AcceptsToken::Any | AcceptsToken::AnyOf(_)) => bearer::decide(context, facts, answers),
        (Some(token), Some(kind), AcceptsToken::Only(wanted)) if kind == *wanted => {
            machine::decide(context, kind, token, answers)
        }
        (Some(_), _, AcceptsToken::Only(wanted)) => {
            Ok(RequestState::signed_out_as(*wanted, Reason::TokenTypeMismatch, context))
        }
        (None, _, AcceptsToken::Only(wanted)) => {
            Ok(RequestState::signed_out_as(*wanted, Reason::NoTokenInHeader, context))
        }
        (None, _, _) => follow_browser(context, facts, answers),
    }
}

/// A request without an `Authorization` header.
fn follow_browser(context: &Context<'_>, facts: &Facts<'_>, answers: &Answers) -> Decided<RequestState> {
    if facts.is_upgrade() {
        websocket::decide(context, facts, answers)
    } else {
        cookie::decide(context, facts, answers)
    }
}

/// Decides who sent a session token that the application read from a request itself.
pub(crate) fn decide_token(context: &Context<'_>, token: &str, answers: &Answers) -> Decided<RequestState> {
    let state = match verify::session(context, &Presented::Text(token), Expect::Anything, answers)? {
        Ok(session) => RequestState::new(AuthState::SignedIn(session), context),
        Err(NotVerified::Unavailable(wait, cause)) => RequestState::keys_unavailable(wait, cause, context),
        Err(refused) => RequestState::signed_out(refused.reason(), context),
    };
    finish(context, &OwnedRequest::default().view(), state, answers)
}

/// The result for a request to a host that no instance is configured for.
pub(crate) fn decide_unknown_instance() -> RequestState {
    RequestState::plain(AuthState::signed_out(Reason::InstanceUnknown, None))
}
