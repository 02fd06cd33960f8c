//! The request-authentication state machine: pure functions over (rules, keys, facts, now).
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> Misconfigured: a satellite that signs in at home
//!     [*] --> Header: Authorization
//!     [*] --> SignedOut: no header, only machines accepted
//!     [*] --> Upgrade: WebSocket
//!     [*] --> Return: cookies
//!     Header --> NeedMachineToken: opaque machine token
//!     Header --> Verify: JWT of an accepted kind
//!     Header --> SignedIn: verified before, key and times still good
//!     Header --> SignedOut: another kind
//!     Upgrade --> Verify: a token among the subprotocols
//!     Upgrade --> Cookies: from one of our pages
//!     Upgrade --> SignedOut: several tokens, or from elsewhere
//!     NeedMachineToken --> SignedIn
//!     NeedMachineToken --> SignedOut
//!     Return --> NeedHandshakePayload: nonce (pages)
//!     Return --> Verify: handshake token (pages)
//!     NeedHandshakePayload --> Cookies: sets cookies
//!     Return --> Cookies
//!     Cookies --> Handshake: satellite sync, primary's answer, no browser token in development
//!     Cookies --> Handshake: session and client_uat disagree
//!     Cookies --> SignedOut: neither session nor client_uat
//!     Cookies --> Verify: session
//!     Verify --> NeedKey: key not at hand
//!     NeedKey --> Verify
//!     NeedKey --> Unavailable: no keys
//!     Verify --> NeedRefresh: expired, with a refresh cookie
//!     NeedRefresh --> SignedIn
//!     NeedRefresh --> Handshake: refused
//!     Verify --> Handshake: expired, not active yet, cross-origin, other organization
//!     Verify --> SignedOut: refused
//!     Verify --> SignedIn
//!     SignedIn --> SignedOut: revoked
//!     SignedIn --> Unavailable: cannot tell whether revoked
//!     SignedIn --> NeedSessionStatus: a strict route
//!     NeedSessionStatus --> SignedOut: not active
//!     NeedSessionStatus --> Unavailable: no answer
//!     Handshake --> Redirect: a page, eligible, no loop
//!     Handshake --> SignedOut
//!     Redirect --> [*]
//!     SignedIn --> [*]
//!     SignedOut --> [*]: or the sign-in page, where asked for
//!     Unavailable --> [*]
//!     Misconfigured --> [*]
//! ```

mod audience;
pub(crate) mod cache;
mod context;
mod options;
mod path;
mod request;
mod respond;
mod revocation;
mod session;
mod step;
mod strict;

pub(crate) use audience::Audience;
pub(crate) use context::{Context, Keys};
pub(crate) use options::Options;
pub use path::websocket;
pub use request::{
    cookies::parse_cookies,
    view::{HeaderSource, RequestView},
};
pub(crate) use respond::refusals::Resource;
pub use respond::{
    decision::{Decision, ResponseEdit},
    organization_sync::OrganizationSync,
    redirects::{RedirectError, Redirects},
    request_state::{AuthStatus, RequestState},
    requirement::{Requirement, RequirementFailed},
};
pub(crate) use session::{NotVerified, unavailable_state as unavailable};
pub(crate) use step::Step;

use path::any_token;
use request::facts::Facts;
use request::{credential, view};
use respond::sign_in;
use step::Purpose;

use crate::{
    auth::{AuthState, Reason},
    backend::jwks::KeyLookup,
};

/// Decides what can be decided about a request without waiting.
pub(crate) fn begin(context: &Context<'_>, view: &RequestView<'_>) -> Step {
    let credential = credential::credential(view);
    if let Some(session) = session::at_once(context, &credential) {
        return match revocation::judge(context, session) {
            Ok(session) => {
                let state = RequestState::new(AuthState::SignedIn(session), context);
                if context.options.strict.is_none() {
                    return Step::Done(state);
                }
                strict::asked(context, &Facts::of(*view), state)
            }
            Err(refused) => Step::Done(sign_in::offered(context, &Facts::of(*view), refused)),
        };
    }
    with_facts(context, Facts::with(*view, credential))
}

/// Apart, so that what most requests come to needs none of its memory.
#[inline(never)]
fn with_facts(context: &Context<'_>, facts: Facts<'_>) -> Step {
    step::finished(context, &facts, session::begin(context, &facts))
}

/// The same for a token that was already taken out of a request.
pub(crate) fn begin_token(context: &Context<'_>, token: &str) -> Step {
    if let Some((_, session)) = context.known(token.as_bytes()) {
        return Step::Done(revocation::judged(context, RequestState::new(AuthState::SignedIn(session), context)));
    }
    let nothing = view::OwnedRequest::default();
    let facts = Facts::of(nothing.view());
    step::finished(context, &facts, step::verify(context, &facts, token, Purpose::Bare))
}

/// The payload of any token of the instance but a machine's; the name of its key, when that must be fetched.
pub(crate) fn begin_any(context: &Context<'_>, token: &str) -> Result<Result<String, NotVerified>, Box<str>> {
    any_token::begin(context, token)
}

/// The same once the key was fetched.
pub(crate) fn resume_any(context: &Context<'_>, token: &str, answer: KeyLookup) -> Result<String, NotVerified> {
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
