//! Runs the flow and fetches what it needs.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use tracing::Instrument;

use super::{Clerk, VerifyError};
use crate::{
    backend::{
        api::{BackendError, count_call},
        jwks::KeyLookup,
        session_status,
    },
    flow::{
        self, Answers, AuthenticateOptions, Keys, MachineTokenReply, Need, RefusalSettings, RequestState, RequestView,
    },
    observe::{AuditRequest, Needed, Watch},
};

/// Future of a request's [`RequestState`]; ready immediately unless something must be fetched.
///
/// Returned by [`Clerk::authenticate`]. It borrows nothing from the request.
#[must_use = "futures do nothing unless polled"]
pub struct Authentication(State);

enum State {
    Done(Option<RequestState>),
    Waiting(Pin<Box<dyn Future<Output = RequestState> + Send>>),
}

impl Authentication {
    fn ready(state: RequestState, refusals: Option<RefusalSettings>, watch: Watch) -> Self {
        Self(State::Done(Some(finish(state, refusals, watch))))
    }

    /// The state, if nothing must be fetched.
    ///
    /// # Errors
    /// The future itself, to await.
    pub fn into_ready(self) -> Result<RequestState, Self> {
        match self.0 {
            State::Done(Some(state)) => Ok(state),
            other => Err(Self(other)),
        }
    }
}

impl Future for Authentication {
    type Output = RequestState;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<RequestState> {
        match &mut self.0 {
            // Polled again after it was ready: stay pending instead of panicking.
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

pub(crate) fn authenticate(
    clerk: &Clerk,
    options: &Arc<AuthenticateOptions>,
    view: &RequestView<'_>,
) -> Authentication {
    let watch = Watch::start(AuditRequest::capture(
        view.method(),
        view.path(),
        options.audit.as_ref().or_else(|| clerk.audit()),
    ));
    let answers = Answers::default();
    let refusals = options.refusals.as_ref().map(|refusals| refusals.for_request(view));
    match watch.span().in_scope(|| flow::decide(&clerk.context(options), view, &answers)) {
        Ok(state) => Authentication::ready(state, refusals, watch),
        Err(need) => {
            let request = view.to_owned_request();
            wait(clerk, options, refusals, watch, answers, need, move |context, answers| {
                flow::decide(context, &request.view(), answers)
            })
        }
    }
}

pub(crate) fn authenticate_token(clerk: &Clerk, token: &str) -> Authentication {
    let (options, watch, answers) = (Arc::default(), Watch::start(None), Answers::default());
    match watch.span().in_scope(|| flow::decide_token(&clerk.context(&options), token, &answers)) {
        Ok(state) => Authentication::ready(state, None, watch),
        Err(need) => {
            let token = token.to_owned();
            wait(clerk, &options, None, watch, answers, need, move |context, answers| {
                flow::decide_token(context, &token, answers)
            })
        }
    }
}

/// Signed out: no instance is configured for the request's host.
pub(crate) fn refuse_unknown_instance(options: &AuthenticateOptions, view: &RequestView<'_>) -> Authentication {
    let watch = Watch::start(AuditRequest::capture(view.method(), view.path(), options.audit.as_ref()));
    let refusals = options.refusals.as_ref().map(|refusals| refusals.for_request(view));
    Authentication::ready(flow::decide_unknown_instance(), refusals, watch)
}

/// Verifies a token that need not be a session token, and returns its payload.
pub(crate) async fn verify_payload(clerk: &Clerk, token: &str) -> Result<String, VerifyError> {
    let (options, mut answers) = (AuthenticateOptions::default(), Answers::default());
    loop {
        let verified = flow::decide_any_token(&clerk.context(&options), token, &answers);
        match verified {
            Ok(verified) => return verified.map_err(VerifyError::from),
            Err(need) => fetch(clerk, *need, &mut answers).await,
        }
    }
}

/// Fetches what the flow needs until it has a result. Kept out of line, because most requests need nothing.
#[cold]
#[inline(never)]
fn wait<F>(
    clerk: &Clerk,
    options: &Arc<AuthenticateOptions>,
    refusals: Option<RefusalSettings>,
    mut watch: Watch,
    mut answers: Answers,
    mut need: Box<Need>,
    decide: F,
) -> Authentication
where
    F: Fn(&flow::Context<'_>, &Answers) -> Result<RequestState, Box<Need>> + Send + 'static,
{
    let (clerk, options, span) = (clerk.clone(), Arc::clone(options), watch.span().clone());
    let run = async move {
        loop {
            watch.needs(to_needed(&need));
            fetch(&clerk, *need, &mut answers).await;
            // `context` reads the time again: what was fetched is younger than the first run.
            match decide(&clerk.context(&options), &answers) {
                Ok(state) => return finish(state, refusals, watch),
                Err(next) => need = next,
            }
        }
    };
    Authentication(State::Waiting(Box::pin(run.instrument(span))))
}

/// Fetches what the flow needs. The flow asks each question once, so a request causes a few calls at most.
async fn fetch(clerk: &Clerk, need: Need, answers: &mut Answers) {
    match need {
        Need::Key(kid) => {
            let answer = match clerk.keys() {
                Keys::Remote(store) => store.fetch_and_look_up(&kid).await,
                Keys::Fixed(_) | Keys::None => KeyLookup::Unknown,
            };
            answers.add_key(kid, answer);
        }
        Need::HandshakePayload(nonce) => {
            let answer = match clerk.backend() {
                Some(backend) => count_call("handshake_payload", backend.handshake_payload(&nonce).await),
                None => Err(BackendError::Malformed),
            };
            answers.add_handshake_payload(answer);
        }
        Need::Refresh(call) => {
            let answer = match clerk.backend() {
                Some(backend) => {
                    count_call("refresh", backend.refresh(&call.session_id, call.suffixed, call.body).await)
                }
                None => Err(BackendError::Malformed),
            };
            answers.add_refresh(call.session_id, answer);
        }
        Need::SessionStatus { session_id, max_age } => {
            let (statuses, clock) = (clerk.session_statuses(), &**clerk.clock());
            let answer = session_status::ask(statuses, clerk.backend(), clock, &session_id, max_age).await;
            answers.add_session_status(session_id, answer);
        }
        Need::MachineToken(call) => {
            let answer = match clerk.backend() {
                Some(backend) => count_call("machine_token", backend.machine_token(call.kind, &call.token).await),
                None => Err(BackendError::Refused { status: 401, code: None }),
            };
            answers.add_machine_token(MachineTokenReply { generation: call.generation, answer });
        }
    }
}

fn to_needed(need: &Need) -> Needed {
    match need {
        Need::Key(_) => Needed::KEY,
        Need::HandshakePayload(_) => Needed::HANDSHAKE,
        Need::Refresh(_) => Needed::REFRESH,
        Need::SessionStatus { .. } => Needed::SESSION,
        Need::MachineToken(_) => Needed::MACHINE_TOKEN,
    }
}

fn finish(state: RequestState, refusals: Option<RefusalSettings>, watch: Watch) -> RequestState {
    let state = match watch.finish(state.auth(), state.label()) {
        Some(audit) => state.with_audit(audit),
        None => state,
    };
    match refusals {
        Some(refusals) => state.with_refusals(refusals),
        None => state,
    }
}
