//! The validated settings that the rules read.

use std::time::Duration;

/// How far a clock may be off, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClockSkew(pub(crate) i128);

impl ClockSkew {
    pub(crate) fn from_milliseconds(milliseconds: f64) -> Self {
        // The cast saturates.
        Self((milliseconds * 1_000_000.0) as i128)
    }
}

impl Default for ClockSkew {
    fn default() -> Self {
        Self::from(Duration::from_secs(5))
    }
}

impl From<Duration> for ClockSkew {
    fn from(skew: Duration) -> Self {
        Self(i128::try_from(skew.as_nanos()).unwrap_or(i128::MAX / 2))
    }
}

/// Settings as the rules need them, each parsed when the `Clerk` was built.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    /// How far this machine's clock may be off; 5 s as in Clerk's own SDK.
    pub(crate) clock_skew: ClockSkew,
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
