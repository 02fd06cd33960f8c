//! One authentication as it is watched: its span, its time, what it needed.

use std::{fmt, mem};

use tracing::{Span, field, level_filters::LevelFilter};

use super::{
    identity::Who,
    metrics::{self, Stopwatch},
    pending_audit::Seen,
};
use crate::auth::{AuthState, Reason};

/// An authentication under way.
pub(crate) struct Watch {
    span: Span,
    stopwatch: Stopwatch,
    seen: Option<Box<Seen>>,
    needed: Needed,
}

/// What had to be fetched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Needed(u8);

impl Watch {
    /// `seen` is what the audit trail is to know about the request.
    pub(crate) fn start(seen: Option<Box<Seen>>) -> Self {
        // Asked first, because with tracing's feature `log`, which any crate may switch on, a span that nobody wants
        // still costs some 15 ns, of the 200 that a known token takes.
        let listened = LevelFilter::current() >= LevelFilter::DEBUG;
        let span = if listened { span() } else { Span::none() };
        Self { span, stopwatch: Stopwatch::start(), seen, needed: Needed::default() }
    }

    pub(crate) const fn span(&self) -> &Span {
        &self.span
    }

    pub(crate) const fn needs(&mut self, what: Needed) {
        self.needed.0 |= what.0;
    }

    /// The end: one event inside the span. Returns what the audit trail keeps of the request.
    pub(crate) fn finish(mut self, auth: &AuthState, status: &'static str) -> Option<Box<Seen>> {
        metrics::authentication(auth, status, &self.stopwatch, self.needed != Needed::default());
        if !self.span.is_disabled() {
            self.record(auth, status);
        }
        self.span.in_scope(|| {
            // The failed fetch was logged as a warning once; its thousand requests are not.
            tracing::debug!(target: "clerk", detail = auth.reason().map(Reason::detail), "decided who sent a request");
        });
        mem::take(&mut self.seen)
    }

    fn record(&self, auth: &AuthState, status: &'static str) {
        let who = Who::of(auth);
        self.span.record("status", status);
        if let Some(reason) = auth.reason() {
            self.span.record("reason", &*reason.as_str());
        }
        for (name, value) in [
            ("token_type", who.token_type),
            ("user_id", who.user_id),
            ("session_id", who.session_id),
            ("org_id", who.org_id),
            ("actor", who.actor),
            ("machine_id", who.machine_id),
            ("client_id", who.client_id),
            ("token_id", who.token_id),
        ] {
            if let Some(value) = value {
                self.span.record(name, value);
            }
        }
        self.span.record("fetched", field::display(self.needed));
    }
}

/// The fields are filled in at the end, and one by one, so that those without a value are left out.
fn span() -> Span {
    use field::Empty;
    tracing::debug_span!(
        target: "clerk",
        "authenticate",
        status = Empty,
        reason = Empty,
        token_type = Empty,
        user_id = Empty,
        session_id = Empty,
        org_id = Empty,
        actor = Empty,
        machine_id = Empty,
        client_id = Empty,
        token_id = Empty,
        fetched = Empty,
    )
}

impl Needed {
    pub(crate) const KEY: Self = Self(1);
    pub(crate) const HANDSHAKE: Self = Self(2);
    pub(crate) const REFRESH: Self = Self(4);
    pub(crate) const MACHINE_TOKEN: Self = Self(8);
    pub(crate) const SESSION: Self = Self(16);

    const NAMES: [(Self, &'static str); 5] = [
        (Self::HANDSHAKE, "handshake"),
        (Self::REFRESH, "refresh"),
        (Self::MACHINE_TOKEN, "machine_token"),
        (Self::KEY, "key"),
        (Self::SESSION, "session"),
    ];
}

impl fmt::Display for Needed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Self::NAMES.iter().filter(|(what, _)| self.0 & what.0 != 0);
        for (index, (_, name)) in names.enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            f.write_str(name)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_needed_is_named_in_the_order_of_the_flow() {
        let mut watch = Watch::start(None);
        assert_eq!(watch.needed.to_string(), "");
        watch.needs(Needed::KEY);
        assert_eq!(watch.needed.to_string(), "key");
        watch.needs(Needed::REFRESH);
        assert_eq!(watch.needed.to_string(), "refresh,key");
    }
}
