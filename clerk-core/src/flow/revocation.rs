//! The last question of every authentication: whether what was found good was revoked meanwhile.

use std::time::Duration;

use super::{RequestState, context::Context};
use crate::{
    auth::{AuthState, Reason, Session, Unavailable},
    revocation::RevocationStatus,
    token::TokenType,
};

/// How long a client waits before it asks again about what nobody can tell.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// What becomes of a decision. A session that is over takes along what the answer would have carried: cookies of a
/// refreshed session are nobody's.
pub(super) fn judged(context: &Context<'_>, state: RequestState) -> RequestState {
    if context.revocations.is_none() || !matches!(state.auth(), AuthState::SignedIn(_)) {
        return state;
    }
    state.and_then(|session| judge(context, session))
}

/// The session, or the refusal in its place.
pub(super) fn judge(context: &Context<'_>, session: Session) -> Result<Session, RequestState> {
    let Some(revocations) = context.revocations else { return Ok(session) };
    match revocations.check(&session, context.options.stale_policy, context.now) {
        RevocationStatus::NotRevoked => Ok(session),
        RevocationStatus::WithoutOrganization => Ok(session.without_organization()),
        RevocationStatus::Revoked => Err(RequestState::signed_out(Reason::SessionRevoked, context)),
        RevocationStatus::Unknown => Err(unknown(context)),
    }
}

fn unknown(context: &Context<'_>) -> RequestState {
    let unavailable = Unavailable::new(Reason::RevocationsUnknown, TokenType::SessionToken, RETRY_AFTER);
    RequestState::new(AuthState::Unavailable(unavailable), context)
}
