//! The settings that may differ from route to route.

use std::time::Duration;

use super::{
    audience::Audience,
    respond::{organization_sync::OrganizationSync, refusals::RefusalSettings},
};
use crate::{observe::Sink, revocation::StalePolicy, token::AcceptsToken};

/// How one layer authenticates its requests.
#[derive(Debug, Clone)]
pub(crate) struct AuthenticateOptions {
    /// Whether browsers may be sent through a handshake.
    pub(crate) pages: bool,
    pub(crate) accepts: AcceptsToken,
    /// The required audience of OAuth access tokens, in addition to the instance's rules.
    pub(crate) audience: Option<Audience>,
    pub(crate) organization_sync: Option<OrganizationSync>,
    /// Whether to refresh an expired session if the request carries a refresh cookie.
    pub(crate) refresh: bool,
    /// Whether a refused page load is redirected to the sign-in page when the user is signed out.
    pub(crate) sign_in: bool,
    /// Whether a header spells out the reason; default: in development alone.
    pub(crate) message_header: Option<bool>,
    /// Whether a header names the reason; default: in development alone.
    pub(crate) reason_header: Option<bool>,
    /// Whether a WebSocket upgrade may carry a token among its subprotocols.
    pub(crate) websocket: bool,
    /// Origins whose pages may open a WebSocket with cookies, in addition to the application's own.
    pub(crate) websocket_origins: Box<[Box<str>]>,
    /// If set, requests with an unsafe method need the application's own pages for their cookies to count, or pages of
    /// these origins.
    pub(crate) cookie_origins: Option<Box<[Box<str>]>>,
    /// Fail open or fail closed while revocations may be missing; default: the store's policy.
    pub(crate) stale_policy: Option<StalePolicy>,
    /// How old the Backend API's answer may be, on routes that check each session with Clerk.
    pub(crate) session_max_age: Option<Duration>,
    /// How refusals differ from the default ones.
    pub(crate) refusals: Option<RefusalSettings>,
    /// Replaces the instance's audit sink.
    pub(crate) audit: Option<Sink>,
}

impl Default for AuthenticateOptions {
    fn default() -> Self {
        Self {
            pages: false,
            accepts: AcceptsToken::default(),
            audience: None,
            organization_sync: None,
            refresh: true,
            sign_in: false,
            message_header: None,
            reason_header: None,
            websocket: false,
            websocket_origins: Box::default(),
            cookie_origins: None,
            stale_policy: None,
            session_max_age: None,
            refusals: None,
            audit: None,
        }
    }
}
