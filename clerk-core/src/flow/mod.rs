//! The request-authentication state machine: pure functions over (rules, keys, facts, now).

mod any_token;
mod context;
mod cookies;
mod credential;
mod cross_origin;
mod decision;
mod facts;
mod handshake;
mod machine;
pub(crate) mod numbers;
mod options;
mod organization_sync;
mod origin;
mod outcome;
mod pattern;
pub(crate) mod query;
mod refresh;
mod satellite;
mod session;
mod sign_in;
mod step;
mod suffix;
mod view;

pub(crate) use context::{Context, Keys};
pub use cookies::parse_cookies;
pub use decision::{Answer, Decision, ResponseEdit};
pub(crate) use options::Options;
pub use organization_sync::OrganizationSync;
pub use outcome::{AuthStatus, RequestState};
pub(crate) use session::{Refusal, unavailable_state as unavailable};
pub(crate) use step::Step;
pub use view::{HeaderSource, RequestView};

use facts::Facts;
use step::Purpose;

use crate::{
    auth::{AuthState, Reason},
    jwks::KeyAnswer,
    redirects::Redirects,
};

/// Decides what can be decided about a request without waiting.
pub(crate) fn begin(context: &Context<'_>, view: &RequestView<'_>) -> Step {
    let facts = Facts::of(*view);
    step::finished(context, &facts, session::begin(context, &facts))
}

/// The same for a token that was already taken out of a request.
pub(crate) fn begin_token(context: &Context<'_>, token: &str) -> Step {
    let nothing = view::OwnedRequest::default();
    step::verify(context, &Facts::of(nothing.view()), token, Purpose::Bare)
}

/// The payload of any token of the instance but a machine's; the name of its key, when that must be fetched.
pub(crate) fn begin_any(context: &Context<'_>, token: &str) -> Result<Result<Vec<u8>, Refusal>, Box<str>> {
    any_token::begin(context, token)
}

/// The same once the key was fetched.
pub(crate) fn resume_any(context: &Context<'_>, token: &str, answer: KeyAnswer) -> Result<Vec<u8>, Refusal> {
    any_token::resume(context, token, answer)
}

/// The answer to a request for a host that no instance is configured for.
pub(crate) fn of_no_instance() -> RequestState {
    RequestState::plain(AuthState::signed_out(Reason::InstanceUnknown, None))
}

/// The addresses of the sign-in and sign-up pages for whoever sent a request.
pub(crate) fn redirects(context: &Context<'_>, view: &RequestView<'_>, state: &AuthState) -> Redirects {
    sign_in::redirects(context, &Facts::of(*view), state)
}
