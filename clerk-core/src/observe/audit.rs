//! [`AuditEvent`]: who asked for what, and what was decided; [`AuditSink`] takes them.

use std::{
    borrow::Cow,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::identity::Who;

/// Where audit events go.
///
/// `record` runs on the task of the request when its response comes back, so it must not block: hand the event on to a
/// queue if it goes any further than memory. A sink that panics is logged as an error and does not disturb the request,
/// as long as panics unwind.
///
/// ```
/// use clerk_core::{
///     Clerk,
///     observe::{AuditEvent, AuditSink},
/// };
/// use std::sync::mpsc::SyncSender;
///
/// struct Queue(SyncSender<String>);
///
/// impl AuditSink for Queue {
///     fn record(&self, event: &AuditEvent<'_>) {
///         let who = event.user_id().or(event.machine_id()).unwrap_or("nobody");
///         let line = format!("{who} {} {}: {}", event.method(), event.path(), event.decision().as_str());
///         let _ = self.0.try_send(line); // count what does not fit
///     }
/// }
///
/// let (sender, _lines) = std::sync::mpsc::sync_channel(1024);
/// let builder = Clerk::builder().audit(Queue(sender));
/// ```
pub trait AuditSink: Send + Sync + 'static {
    /// Takes one event.
    fn record(&self, event: &AuditEvent<'_>);
}

impl<S: AuditSink + ?Sized> AuditSink for Arc<S> {
    fn record(&self, event: &AuditEvent<'_>) {
        (**self).record(event);
    }
}

/// A request that passed a layer, told when its response came back: who sent it, what for, and what was decided.
///
/// Its `Serialize` is a flat object of the [fields](crate::observe#the-audit-trail) that have a value.
#[derive(Debug, Clone)]
pub struct AuditEvent<'a> {
    pub(super) who: Who<'a>,
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) decision: AuditDecision,
    pub(super) reason: Option<Cow<'static, str>>,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuditDecision {
    /// Nothing of Clerk's refused it. What a handler answered for reasons of its own is not looked at.
    Allowed,
    /// A layer, an extractor or a handler refused it.
    Denied {
        /// The HTTP status code of the refusal, also where something else was answered in its place.
        status: u16,
    },
    /// The browser was sent to Clerk, and may come back.
    Handshake,
    /// It was let past the layer, and ended without a response: the client went away, the handler panicked, or a service
    /// further in failed. What it has done by then it has done.
    Unanswered,
}

impl AuditDecision {
    /// The decision as audit events spell it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied { .. } => "denied",
            Self::Handshake => "handshake",
            Self::Unanswered => "unanswered",
        }
    }

    /// The HTTP status code of a refusal.
    #[must_use]
    pub const fn status(self) -> Option<u16> {
        match self {
            Self::Denied { status } => Some(status),
            Self::Allowed | Self::Handshake | Self::Unanswered => None,
        }
    }
}

impl AuditEvent<'_> {
    /// What was decided.
    #[must_use]
    pub const fn decision(&self) -> AuditDecision {
        self.decision
    }

    /// Why the request is not signed in, or why it was refused: a [`Reason`](crate::Reason), or the kind of the
    /// [`Denied`](crate::Denied), `forbidden` for example.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// The request's method, escaped like its [path](Self::path).
    #[must_use]
    pub const fn method(&self) -> &str {
        self.method
    }

    /// The request's path without its query. Control characters, backslashes and whatever is not ASCII is escaped as in
    /// Rust, and what exceeds 512 bytes is cut off: it ends with `...` then.
    #[must_use]
    pub const fn path(&self) -> &str {
        self.path
    }

    /// The kind of token that the request was judged by, `session_token` for example.
    #[must_use]
    pub const fn token_type(&self) -> Option<&str> {
        self.who.token_type
    }

    /// The user; of an API key or an OAuth access token whom it stands for.
    #[must_use]
    pub const fn user_id(&self) -> Option<&str> {
        self.who.user_id
    }

    /// The session.
    #[must_use]
    pub const fn session_id(&self) -> Option<&str> {
        self.who.session_id
    }

    /// The active organization, or that of an API key.
    #[must_use]
    pub const fn org_id(&self) -> Option<&str> {
        self.who.org_id
    }

    /// Who acts as the user of an impersonated session.
    #[must_use]
    pub const fn actor(&self) -> Option<&str> {
        self.who.actor
    }

    /// The machine that an M2M token stands for.
    #[must_use]
    pub const fn machine_id(&self) -> Option<&str> {
        self.who.machine_id
    }

    /// The OAuth application.
    #[must_use]
    pub const fn client_id(&self) -> Option<&str> {
        self.who.client_id
    }

    /// The id of an API key, an M2M token or an OAuth access token, which is not the token.
    #[must_use]
    pub const fn token_id(&self) -> Option<&str> {
        self.who.token_id
    }

    /// Tells everybody who listens.
    pub(super) fn tell(&self, sink: Option<&Sink>) {
        let Who { token_type, user_id, session_id, org_id, actor, machine_id, client_id, token_id } = self.who;
        tracing::info!(
            target: "clerk::audit",
            decision = self.decision.as_str(),
            status = self.decision.status(),
            reason = self.reason(),
            method = self.method,
            path = self.path,
            token_type,
            user_id,
            session_id,
            org_id,
            actor,
            machine_id,
            client_id,
            token_id,
            "request"
        );
        let Some(Sink(sink)) = sink else { return };
        if catch_unwind(AssertUnwindSafe(|| sink.record(self))).is_err() {
            tracing::error!(target: "clerk", "the audit sink panicked, so an event may be lost");
        }
    }
}

impl Serialize for AuditEvent<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Who { token_type, user_id, session_id, org_id, actor, machine_id, client_id, token_id } = self.who;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("decision", self.decision.as_str())?;
        if let Some(status) = self.decision.status() {
            map.serialize_entry("status", &status)?;
        }
        for (name, value) in [
            ("reason", self.reason()),
            ("method", Some(self.method)),
            ("path", Some(self.path)),
            ("token_type", token_type),
            ("user_id", user_id),
            ("session_id", session_id),
            ("org_id", org_id),
            ("actor", actor),
            ("machine_id", machine_id),
            ("client_id", client_id),
            ("token_id", token_id),
        ] {
            if let Some(value) = value {
                map.serialize_entry(name, value)?;
            }
        }
        map.end()
    }
}

/// A sink as the settings hold it.
#[derive(Clone)]
pub(crate) struct Sink(pub(crate) Arc<dyn AuditSink>);

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuditSink")
    }
}
