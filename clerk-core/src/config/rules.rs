//! The validated settings that the rules read.

use std::time::Duration;

/// Settings as the rules need them, each parsed when the `Clerk` was built.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    /// How far this machine's clock may be off; 5 s as in Clerk's own SDK.
    pub(crate) clock_skew: Duration,
    /// Accepted `iss`; `None` checks nothing.
    pub(crate) issuers: Option<Box<[Box<str>]>>,
    /// Accepted `azp`; `None` checks nothing.
    pub(crate) authorized_parties: Option<Box<[Box<str>]>>,
    /// Accepted `aud`; `None` checks nothing.
    pub(crate) audiences: Option<Box<[Box<str>]>>,
    /// Whether a token without `aud` is accepted even so.
    pub(crate) audience_optional: bool,
    /// Accepted `typ` of a session token; `None` accepts `JWT` and none at all.
    pub(crate) token_types: Option<Box<[Box<str>]>>,
}
