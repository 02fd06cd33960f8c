//! The final stage of every path: revocation, then the session's status, then the redirect to the sign-in page.

use super::{
    RequestState,
    context::Context,
    need::{Answers, Decided, Need},
    request::view::RequestView,
    respond::sign_in::add_sign_in_redirect,
};
use crate::{
    auth::{AuthState, Reason, Session, SessionStatus},
    backend::{api::SessionLiveness, session_status::Unknown},
    base::retry::RETRY_AFTER,
    revocation::RevocationStatus,
    token::TokenType,
};

/// Finishes what a path decided.
#[inline]
pub(crate) fn finish(
    context: &Context<'_>,
    view: &RequestView<'_>,
    state: RequestState,
    answers: &Answers,
) -> Decided<RequestState> {
    let state = apply_revocations(context, state);
    let state = check_session_status(context, state, answers)?;
    Ok(add_sign_in_redirect(context, view, state))
}

/// Applies revocations. A revoked session also loses the response headers, so that no refreshed cookies are set.
#[inline]
fn apply_revocations(context: &Context<'_>, state: RequestState) -> RequestState {
    let Some(revocations) = context.revocations else { return state };
    state.and_then(|session| match revocations.check(&session, context.options.stale_policy, context.now) {
        RevocationStatus::NotRevoked => Ok(session),
        RevocationStatus::WithoutOrganization => Ok(session.without_organization()),
        RevocationStatus::Revoked => Err(RequestState::signed_out(Reason::SessionRevoked, context)),
        RevocationStatus::Unknown => Err(status_unknown(Reason::RevocationsUnknown, context)),
    })
}

/// Applies the session's status, on routes that check each session with the Backend API.
#[inline]
fn check_session_status(context: &Context<'_>, state: RequestState, answers: &Answers) -> Decided<RequestState> {
    let (Some(max_age), AuthState::SignedIn(session)) = (context.options.session_max_age, state.auth()) else {
        return Ok(state);
    };
    let session_id = session.session_id().as_str();
    let known = || context.session_statuses.find(session_id, max_age, context.now);
    let status = answers
        .session_status(session_id)
        .or_else(known)
        .ok_or_else(|| Box::new(Need::SessionStatus { session_id: session_id.into(), max_age }))?;
    Ok(state.and_then(|session| apply_session_status(context, session, status)))
}

fn apply_session_status(
    context: &Context<'_>,
    session: Session,
    status: Result<SessionLiveness, Unknown>,
) -> Result<Session, RequestState> {
    match (status, session.status()) {
        (Ok(SessionLiveness::Active), _) | (Ok(SessionLiveness::Pending), SessionStatus::Pending) => Ok(session),
        (Ok(SessionLiveness::Ended | SessionLiveness::Pending), _) => {
            Err(RequestState::signed_out(Reason::SessionInactive, context))
        }
        (Err(Unknown), _) => Err(status_unknown(Reason::SessionStatusUnknown, context)),
    }
}

/// 503: whether the session is still active is unknown.
fn status_unknown(reason: Reason, context: &Context<'_>) -> RequestState {
    RequestState::new(AuthState::unavailable(reason, TokenType::SessionToken, RETRY_AFTER), context)
}
