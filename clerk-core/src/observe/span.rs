//! [`Watch`]: the span, the duration and the fetches of one authentication.

use std::{fmt, mem};

use tracing::{Span, field, level_filters::LevelFilter};

use super::{
    identity::Identity,
    metrics::{self, Stopwatch},
    pending_audit::AuditRequest,
};
use crate::auth::{AuthState, Reason};

/// Observes an authentication from its start to its end.
pub(crate) struct Watch {
    span: Span,
    stopwatch: Stopwatch,
    audit: Option<Box<AuditRequest>>,
    needed: Needed,
}

/// What an authentication fetched; a set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Needed(u8);

impl Watch {
    /// `audit` is the request's part of its audit event.
    pub(crate) fn start(audit: Option<Box<AuditRequest>>) -> Self {
        // With tracing's feature `log`, which any crate may enable, even a disabled span costs 15 ns of the 200 ns that
        // a cached token takes.
        let enabled = LevelFilter::current() >= LevelFilter::DEBUG;
        let span = if enabled { span() } else { Span::none() };
        Self { span, stopwatch: Stopwatch::start(), audit, needed: Needed::default() }
    }

    pub(crate) const fn span(&self) -> &Span {
        &self.span
    }

    pub(crate) const fn needs(&mut self, what: Needed) {
        self.needed.0 |= what.0;
    }

    /// Records the result: metrics, the span's fields and one event inside it. Returns the request's part of the audit
    /// event.
    pub(crate) fn finish(mut self, auth: &AuthState, status: &'static str) -> Option<Box<AuditRequest>> {
        metrics::authentication(auth, status, &self.stopwatch, self.needed != Needed::default());
        if !self.span.is_disabled() {
            self.record(auth, status);
        }
        self.span.in_scope(|| {
            // DEBUG, because one failed fetch, which is logged as a warning, can affect thousands of requests.
            tracing::debug!(target: "clerk", detail = auth.reason().map(Reason::detail), "authenticated a request");
        });
        mem::take(&mut self.audit)
    }

    /// Records field by field, so that fields without a value are left out.
    fn record(&self, auth: &AuthState, status: &'static str) {
        let identity = Identity::of(auth);
        self.span.record("status", status);
        if let Some(reason) = auth.reason() {
            self.span.record("reason", &*reason.as_str());
        }
        for (name, value) in [
            ("token_type", identity.token_type),
            ("user_id", identity.user_id),
            ("session_id", identity.session_id),
            ("org_id", identity.org_id),
            ("actor", identity.actor),
            ("machine_id", identity.machine_id),
            ("client_id", identity.client_id),
            ("token_id", identity.token_id),
        ] {
            if let Some(value) = value {
                self.span.record(name, value);
            }
        }
        self.span.record("fetched", field::display(self.needed));
    }
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

/// The span, with fields that [`Watch::record`] fills in.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fetches_are_named_in_the_order_of_the_flow() {
        let mut watch = Watch::start(None);
        assert_eq!(watch.needed.to_string(), "");
        watch.needs(Needed::KEY);
        assert_eq!(watch.needed.to_string(), "key");
        watch.needs(Needed::REFRESH);
        assert_eq!(watch.needed.to_string(), "refresh,key");
    }
}
