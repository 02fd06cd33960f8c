//! What may differ from route to route.

use std::time::Duration;

use super::{
    audience::Audience,
    respond::{organization_sync::OrganizationSync, refusals::Refusals},
};
use crate::{observe::Sink, revocation::StalePolicy, token::AcceptsToken};

/// How one layer wants its requests judged.
#[derive(Debug, Clone)]
pub(crate) struct AuthenticateOptions {
    /// Whether browsers may be sent through a handshake.
    pub(crate) pages: bool,
    pub(crate) accepts: AcceptsToken,
    /// Whom OAuth access tokens must be meant for, besides what the instance asks of them.
    pub(crate) audience: Option<Audience>,
    pub(crate) organization_sync: Option<OrganizationSync>,
    /// Whether an expired session is refreshed where the request carries what that needs.
    pub(crate) refresh: bool,
    /// Whether a page that refuses somebody who is not signed in leads to the sign-in page.
    pub(crate) sign_in: bool,
    /// Whether the reason is spelled out in a header; unless set, in development alone.
    pub(crate) message_header: Option<bool>,
    /// Whether a WebSocket upgrade may carry a token among its subprotocols.
    pub(crate) websocket: bool,
    /// Origins whose pages may open a WebSocket with cookies, besides the application's own.
    pub(crate) websocket_origins: Box<[Box<str>]>,
    /// What becomes of requests while revocations may be missing, unless as the store has it.
    pub(crate) stale_policy: Option<StalePolicy>,
    /// On routes that ask the Backend API about each session, how old its answer may be.
    pub(crate) session_max_age: Option<Duration>,
    /// How refusals look, unless as usual.
    pub(crate) refusals: Option<Refusals>,
    /// In the place of the instance's.
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
            websocket: false,
            websocket_origins: Box::default(),
            stale_policy: None,
            session_max_age: None,
            refusals: None,
            audit: None,
        }
    }
}
