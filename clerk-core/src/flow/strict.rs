//! Routes that ask the Backend API whether a session is still active, rather than to trust its token for a minute.

use std::time::Duration;

use super::{
    RequestState,
    context::Context,
    request::{facts::Facts, view::OwnedRequest},
    respond::sign_in,
    revocation,
    step::Step,
};
use crate::{
    auth::{AuthState, Reason, Session, SessionStatus, Unavailable},
    backend::{api::SessionLiveness, session_status::Unknown},
    token::TokenType,
};

/// How long a client waits before it asks again.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// A session is good as far as its token says, and the Backend API must be asked.
pub(crate) struct NeedSessionStatus {
    request: OwnedRequest,
    state: RequestState,
    session_id: Box<str>,
    max_age: Duration,
}

/// What becomes of a decision on a route that asks: at once where that was asked a moment ago.
pub(super) fn asked(context: &Context<'_>, facts: &Facts<'_>, state: RequestState) -> Step {
    let (Some(max_age), AuthState::SignedIn(session)) = (context.options.strict, state.auth()) else {
        return Step::Done(sign_in::offered(context, facts, state));
    };
    let session_id = session.session_id().as_str();
    match context.session_statuses.find(session_id, max_age, context.now) {
        Some(answer) => Step::Done(sign_in::offered(context, facts, judged(context, state, answer))),
        None => {
            let session_id = session_id.into();
            Step::NeedSessionStatus(Box::new(NeedSessionStatus {
                request: facts.to_owned(),
                state,
                session_id,
                max_age,
            }))
        }
    }
}

fn judged(context: &Context<'_>, state: RequestState, answer: Result<SessionLiveness, Unknown>) -> RequestState {
    state.and_then(|session| judge(context, session, answer))
}

fn judge(
    context: &Context<'_>,
    session: Session,
    answer: Result<SessionLiveness, Unknown>,
) -> Result<Session, RequestState> {
    match (answer, session.status()) {
        (Ok(SessionLiveness::Active), _) | (Ok(SessionLiveness::Pending), SessionStatus::Pending) => Ok(session),
        (Ok(SessionLiveness::Ended | SessionLiveness::Pending), _) => {
            Err(RequestState::signed_out(Reason::SessionInactive, context))
        }
        (Err(Unknown), _) => {
            let unavailable = Unavailable::new(Reason::SessionStatusUnknown, TokenType::SessionToken, RETRY_AFTER);
            Err(RequestState::new(AuthState::Unavailable(unavailable), context))
        }
    }
}

impl NeedSessionStatus {
    /// The session to ask about.
    pub(crate) fn session_id(&self) -> &str {
        &self.session_id
    }

    /// How old an answer may be.
    pub(crate) const fn max_age(&self) -> Duration {
        self.max_age
    }

    pub(crate) fn resume(self, answer: Result<SessionLiveness, Unknown>, context: &Context<'_>) -> Step {
        let facts = Facts::of(self.request.view());
        // Something may have been revoked meanwhile.
        let state = revocation::judged(context, judged(context, self.state, answer));
        Step::Done(sign_in::offered(context, &facts, state))
    }
}
