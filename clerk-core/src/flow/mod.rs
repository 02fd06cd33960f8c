//! Decides what to do with a request: pure functions over the request, the configuration, what is known, and the time.
//!
//! [`decide`] reads from top to bottom. Where it needs something that must be fetched, it returns a
//! [`Need`](need::Need); the caller fetches it and calls `decide` again with the [`Answers`](need::Answers) so far.
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> Misconfigured: a satellite's sign-in page is on the satellite
//!     [*] --> bearer: a session token in Authorization
//!     [*] --> machine: a machine token in Authorization
//!     [*] --> SignedOut: a token of a kind that is not accepted
//!     [*] --> SignedOut: no Authorization, only machine tokens accepted
//!     [*] --> cookie: no Authorization
//!     machine --> verify: JWT
//!     machine --> NeedMachineToken: opaque, not cached
//!     NeedMachineToken --> finish: valid
//!     NeedMachineToken --> SignedOut: refused
//!     cookie --> websocket: upgrade
//!     websocket --> verify: one token among the subprotocols
//!     websocket --> session: from the application's own origin
//!     websocket --> SignedOut: several tokens, or another origin
//!     cookie --> handshake: page, returned from a handshake
//!     handshake --> NeedHandshakePayload: nonce
//!     NeedHandshakePayload --> verify: sets cookies
//!     handshake --> verify: signed list of cookies
//!     handshake --> session: failed, in production
//!     handshake --> Misconfigured: failed, in development
//!     cookie --> session: no handshake
//!     session --> Handshake: satellite sync, primary's answer, no dev browser in development
//!     session --> Handshake: session and client_uat disagree
//!     session --> SignedOut: neither session nor client_uat
//!     session --> verify: session token
//!     bearer --> verify
//!     verify --> finish: cached, or valid
//!     verify --> NeedKey: key not cached
//!     NeedKey --> verify
//!     NeedKey --> Unavailable: no keys
//!     verify --> refresh: expired, with a refresh cookie
//!     verify --> Handshake: expired, not active yet, from another origin, other organization
//!     verify --> SignedOut: refused
//!     refresh --> NeedRefresh
//!     NeedRefresh --> verify: sets cookies
//!     NeedRefresh --> Handshake: refused
//!     finish --> SignedOut: revoked, or no longer active
//!     finish --> Unavailable: revocations or status unknown
//!     finish --> NeedSessionStatus: the route checks sessions with Clerk
//!     NeedSessionStatus --> finish
//!     finish --> SignedIn
//!     Handshake --> Redirect: a page load that can be redirected, and no loop
//!     Handshake --> SignedOut
//!     Redirect --> [*]
//!     SignedIn --> [*]
//!     SignedOut --> [*]: with a redirect to the sign-in page, if configured
//!     Unavailable --> [*]
//!     Misconfigured --> [*]
//! ```

mod audience;
pub(crate) mod cache;
mod context;
mod decide;
mod finish;
mod model;
mod need;
mod notice;
mod options;
mod path;
mod request;
mod respond;
mod verify;

pub(crate) use audience::Audience;
pub(crate) use context::{Context, Keys};
pub(crate) use decide::{decide, decide_token, decide_unknown_instance};
pub(crate) use need::{Answers, MachineTokenReply, Need};
pub(crate) use notice::{LogLimits, SettingRefusals};
pub(crate) use options::AuthenticateOptions;
pub(crate) use path::any_token::decide as decide_any_token;
pub use path::websocket;
pub use request::{
    cookies::parse_cookies,
    view::{HeaderSource, RequestView},
};
pub(crate) use respond::sign_in::redirects;
pub use respond::{
    decision::{Decision, ResponseEdit},
    organization_sync::OrganizationSync,
    redirects::{RedirectError, Redirects},
    request_state::{AuthStatus, RequestState},
    requirement::{Requirement, RequirementFailed},
};
pub(crate) use respond::{
    redirect_guard::MarkerKey,
    refusals::{RefusalSettings, ReplaceFn, Resource},
};
pub(crate) use verify::NotVerified;
