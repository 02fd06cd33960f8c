//! The final stage of every path: revocation, then the session's status, then the redirect to the sign-in page.

use std::time::Duration;

use super::{
    RequestState,
    context::Context,
    need::{Answers, Decided, Need},
    request::{public_url::received_path, view::RequestView},
    respond::{organization_sync::OrganizationSync, sign_in::add_sign_in_redirect},
};
use crate::{
    auth::{AuthState, Reason, SessionStatus},
    backend::{api::SessionLiveness, session_status::Unknown},
    base::retry::RETRY_AFTER,
    revocation::{RevocationStatus, Revocations},
    token::TokenType,
};

/// Finishes what a path decided. Changes the state in place, because most states pass unchanged.
#[inline]
pub(crate) fn finish(
    context: &Context<'_>,
    view: &RequestView<'_>,
    mut state: RequestState,
    answers: &Answers,
) -> Decided<RequestState> {
    if let Some(revocations) = context.revocations {
        apply_revocations(context, revocations, &mut state);
    }
    if let Some(max_age) = context.options.session_max_age {
        check_session_status(context, max_age, &mut state, answers)?;
    }
    let sync = context.options.organization_sync.as_ref().filter(|sync| sync.refuses_others());
    if sync.is_some_and(|sync| state.auth().is_authenticated() && acts_for_another(sync, view, state.auth())) {
        state = state.with_forbidden();
    }
    if context.options.sign_in {
        return Ok(add_sign_in_redirect(context, view, state));
    }
    Ok(state)
}

/// Whether the caller acts for another organization than the path's.
#[cold]
fn acts_for_another(sync: &OrganizationSync, view: &RequestView<'_>, auth: &AuthState) -> bool {
    let (id, slug) = match auth.session_or_pending() {
        Some(session) => {
            let organization = session.organization();
            let slug = organization.and_then(|organization| organization.slug());
            (organization.map(|organization| organization.id().to_string()), slug)
        }
        None => (auth.caller().ok().and_then(|caller| caller.org_id().map(|id| id.to_string())), None),
    };
    // A router may or may not decode the path, and resolve its dot segments.
    let decoded = percent_encoding::percent_decode_str(view.path()).decode_utf8_lossy();
    let resolved = received_path(view).unwrap_or_default();
    sync.refuses([view.path(), &*decoded, &*resolved], id.as_deref(), slug)
}

/// Applies revocations. A revoked session also loses the response headers, so that no refreshed cookies are set.
fn apply_revocations(context: &Context<'_>, revocations: &Revocations, state: &mut RequestState) {
    let AuthState::SignedIn(session) = state.auth() else { return };
    match revocations.check(session, context.options.stale_policy, context.now) {
        RevocationStatus::NotRevoked => {}
        RevocationStatus::WithoutOrganization => state.replace_session(session.without_organization()),
        RevocationStatus::Revoked => *state = RequestState::signed_out(Reason::SessionRevoked, context),
        RevocationStatus::Unknown => *state = status_unknown(Reason::RevocationsUnknown, context),
    }
}

/// Applies the session's status, on routes that check each session with the Backend API.
fn check_session_status(
    context: &Context<'_>,
    max_age: Duration,
    state: &mut RequestState,
    answers: &Answers,
) -> Decided<()> {
    let AuthState::SignedIn(session) = state.auth() else { return Ok(()) };
    let session_id = session.session_id().as_str();
    let known = || context.session_statuses.find(session_id, max_age, context.now);
    let status = answers
        .session_status(session_id)
        .or_else(known)
        .ok_or_else(|| Box::new(Need::SessionStatus { session_id: session_id.into(), max_age }))?;
    match (status, session.status()) {
        (Ok(SessionLiveness::Active), _) | (Ok(SessionLiveness::Pending), SessionStatus::Pending) => {}
        (Ok(SessionLiveness::Ended | SessionLiveness::Pending), _) => {
            *state = RequestState::signed_out(Reason::SessionInactive, context);
        }
        (Err(Unknown), _) => *state = status_unknown(Reason::SessionStatusUnknown, context),
    }
    Ok(())
}

/// 503: whether the session is still active is unknown.
fn status_unknown(reason: Reason, context: &Context<'_>) -> RequestState {
    RequestState::new(AuthState::unavailable(reason, TokenType::SessionToken, RETRY_AFTER), context)
}
