//! Where the flow meets the network: the only file that awaits.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use crate::{
    auth::{AuthState, SessionStatus},
    clerk::Clerk,
    flow::{self, Facts, Keys, NeedKey, RequestView, Step},
    jwks::KeyAnswer,
};

/// Future of a request's [`AuthState`]; ready at once unless something must be fetched.
///
/// Returned by [`Clerk::authenticate`]. It borrows nothing from the request.
#[must_use = "futures do nothing unless polled"]
pub struct Authentication(State);

enum State {
    Done(Option<AuthState>),
    Waiting(Pin<Box<dyn Future<Output = AuthState> + Send>>),
}

impl Authentication {
    /// The state, if nothing has to be fetched; otherwise the future back.
    ///
    /// # Errors
    /// The future itself, to be awaited.
    pub fn into_ready(self) -> Result<AuthState, Self> {
        match self.0 {
            State::Done(Some(state)) => Ok(state),
            other => Err(Self(other)),
        }
    }
}

impl Future for Authentication {
    type Output = AuthState;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<AuthState> {
        match &mut self.0 {
            // A future polled after its end may do as it likes; staying pending is the harmless way.
            State::Done(state) => state.take().map_or(Poll::Pending, Poll::Ready),
            State::Waiting(future) => future.as_mut().poll(context),
        }
    }
}

impl fmt::Debug for Authentication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authentication").field("ready", &matches!(self.0, State::Done(_))).finish()
    }
}

pub(crate) fn authenticate(clerk: &Clerk, view: &RequestView<'_>) -> Authentication {
    let facts = Facts::parse(view);
    drive(clerk, flow::begin(clerk.rules(), clerk.keys(), &facts, clerk.now()))
}

pub(crate) fn authenticate_token(clerk: &Clerk, token: &str) -> Authentication {
    drive(clerk, flow::begin_token(clerk.rules(), clerk.keys(), token, clerk.now()))
}

fn drive(clerk: &Clerk, step: Step) -> Authentication {
    Authentication(match step {
        Step::Done(state) => State::Done(Some(traced(state))),
        Step::NeedKey(need) => State::Waiting(Box::pin(fetch_key(clerk.clone(), need))),
    })
}

async fn fetch_key(clerk: Clerk, need: NeedKey) -> AuthState {
    let answer = match clerk.keys() {
        Keys::Remote(store) => store.fetch_and_look_up(need.kid()).await,
        Keys::Fixed(_) => KeyAnswer::Unknown,
    };
    let now = clerk.now();
    traced(need.resume(answer, clerk.rules(), now))
}

/// One event per decision: ids as ids, tokens never.
fn traced(state: AuthState) -> AuthState {
    match &state {
        AuthState::SignedIn(session) => tracing::debug!(
            target: "clerk",
            status = if session.status() == SessionStatus::Active { "signed-in" } else { "pending" },
            user_id = session.user_id().as_str(),
            session_id = session.session_id().as_str(),
        ),
        AuthState::SignedOut(signed_out) => tracing::debug!(
            target: "clerk",
            status = "signed-out",
            reason = signed_out.reason().as_str(),
            detail = signed_out.reason().detail(),
        ),
        // The failed fetch was logged as a warning once; its thousand requests are not.
        AuthState::Unavailable(unavailable) => tracing::debug!(
            target: "clerk",
            status = "unavailable",
            retry_after_ms = u64::try_from(unavailable.retry_after().as_millis()).unwrap_or(u64::MAX),
        ),
    }
    state
}
