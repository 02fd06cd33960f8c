//! Where the flow meets the network: the only file that awaits.

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
    flow::{self, Keys, NotVerified, Options, RequestState, RequestView, Step},
    observe::{Needed, Seen, Watch},
};

/// Future of a request's [`RequestState`]; ready at once unless something must be fetched.
///
/// Returned by [`Clerk::authenticate`]. It borrows nothing from the request.
#[must_use = "futures do nothing unless polled"]
pub struct Authentication(State);

enum State {
    Done(Option<RequestState>),
    Waiting(Pin<Box<dyn Future<Output = RequestState> + Send>>),
}

impl Authentication {
    /// The state, if nothing has to be fetched; otherwise the future back.
    ///
    /// # Errors
    /// The future itself, to be awaited.
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

pub(crate) fn authenticate(clerk: &Clerk, options: &Arc<Options>, view: &RequestView<'_>) -> Authentication {
    let watch = Watch::start(Seen::of(view.method(), view.path(), options.audit.as_ref().or_else(|| clerk.audit())));
    let step = watch.span().in_scope(|| flow::begin(&clerk.context(options), view));
    drive(clerk, options, step, watch)
}

pub(crate) fn authenticate_token(clerk: &Clerk, token: &str) -> Authentication {
    let (options, watch) = (Arc::default(), Watch::start(None));
    let step = watch.span().in_scope(|| flow::begin_token(&clerk.context(&options), token));
    drive(clerk, &options, step, watch)
}

pub(crate) fn of_no_instance(options: &Options, view: &RequestView<'_>) -> Authentication {
    settled(flow::of_no_instance(), options, Watch::start(Seen::of(view.method(), view.path(), options.audit.as_ref())))
}

/// The payload of a token that need not be a session's.
pub(crate) async fn verified_payload(clerk: &Clerk, token: &str) -> Result<String, VerifyError> {
    let options = Arc::default();
    let outcome = match flow::begin_any(&clerk.context(&options), token) {
        Ok(outcome) => outcome,
        Err(kid) => {
            let answer = match clerk.keys() {
                Keys::Remote(store) => store.fetch_and_look_up(&kid).await,
                Keys::Fixed(_) | Keys::None => KeyLookup::Unknown,
            };
            flow::resume_any(&clerk.context(&options), token, answer)
        }
    };
    outcome.map_err(|error| match error {
        NotVerified::Token(kind) => VerifyError::Token(kind.into()),
        NotVerified::Unavailable(wait, cause) => VerifyError::Unavailable(flow::unavailable(wait, cause)),
    })
}

fn settled(state: RequestState, options: &Options, watch: Watch) -> Authentication {
    Authentication(State::Done(Some(finished(state, options, watch))))
}

fn drive(clerk: &Clerk, options: &Arc<Options>, step: Step, watch: Watch) -> Authentication {
    match step {
        Step::Done(state) => settled(state, options, watch),
        step => {
            let span = watch.span().clone();
            Authentication(State::Waiting(Box::pin(
                run(clerk.clone(), Arc::clone(options), step, watch).instrument(span),
            )))
        }
    }
}

/// Fetches what the flow needs until it has decided; no path needs more than a few steps, and none comes round again.
async fn run(clerk: Clerk, options: Arc<Options>, mut step: Step, mut watch: Watch) -> RequestState {
    loop {
        step = match step {
            Step::Done(state) => return finished(state, &options, watch),
            Step::NeedKey(need) => {
                watch.needs(Needed::KEY);
                let answer = match clerk.keys() {
                    Keys::Remote(store) => store.fetch_and_look_up(need.kid()).await,
                    Keys::Fixed(_) | Keys::None => KeyLookup::Unknown,
                };
                need.resume(answer, &clerk.context(&options))
            }
            Step::NeedHandshakePayload(need) => {
                watch.needs(Needed::HANDSHAKE);
                let directives = match clerk.backend() {
                    Some(backend) => backend.handshake_payload(need.nonce()).await,
                    None => Vec::new(),
                };
                need.resume(directives, &clerk.context(&options))
            }
            Step::NeedRefresh(mut need) => {
                watch.needs(Needed::REFRESH);
                let body = need.take_body();
                let answer = match clerk.backend() {
                    Some(backend) => {
                        count_call("refresh", backend.refresh(need.session_id(), need.suffixed(), body).await)
                    }
                    None => Err(BackendError::Malformed),
                };
                need.resume(answer, &clerk.context(&options))
            }
            Step::NeedSessionStatus(need) => {
                watch.needs(Needed::SESSION);
                let answer = session_status::ask(
                    clerk.session_statuses(),
                    clerk.backend(),
                    &**clerk.clock(),
                    need.session_id(),
                    need.max_age(),
                )
                .await;
                need.resume(answer, &clerk.context(&options))
            }
            Step::NeedMachineToken(need) => {
                watch.needs(Needed::MACHINE_TOKEN);
                let answer = match clerk.backend() {
                    Some(backend) => {
                        count_call("machine_token", backend.machine_token(need.kind(), need.token()).await)
                    }
                    None => Err(BackendError::Refused { status: 401, code: None }),
                };
                need.resume(answer, &clerk.context(&options))
            }
        };
    }
}

fn finished(state: RequestState, options: &Options, watch: Watch) -> RequestState {
    let state = match watch.finish(state.auth(), state.label()) {
        Some(seen) => state.with_seen(seen),
        None => state,
    };
    match &options.refusals {
        Some(refusals) => state.with_refusals(refusals),
        None => state,
    }
}
