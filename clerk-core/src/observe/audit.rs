//! [`AuditEvent`]: who sent a request, and the decision about it; [`AuditSink`] receives the events.

use std::{
    borrow::Cow,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::identity::Identity;

/// Where audit events go.
///
/// `record` runs on the request's task when the response is ready, so it must not block: put the event into a queue if
/// it leaves memory. A panic of the sink is logged as an error and does not affect the request, if panics unwind.
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
///         let id = event.user_id().or(event.machine_id()).unwrap_or("signed out");
///         let line = format!("{id} {} {}: {}", event.method(), event.path(), event.decision().as_str());
///         let _ = self.0.try_send(line); // a full queue drops the event: count that
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

/// One request in the audit trail: who sent it, its method and path, and the decision. Made when its response is ready.
///
/// Its `Serialize` is a flat object of the [fields](crate::observe#the-audit-trail) that have a value.
#[derive(Debug, Clone)]
pub struct AuditEvent<'a> {
    pub(super) identity: Identity<'a>,
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) decision: AuditDecision,
    pub(super) reason: Option<Cow<'static, str>>,
}

/// The decision about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuditDecision {
    /// No authentication or policy check refused it. The handler's own status code does not matter.
    Allowed,
    /// A layer, an extractor or a handler refused it.
    Denied {
        /// The HTTP status code of the refusal, even if the application sent another response in its place.
        status: u16,
    },
    /// The browser was redirected to Clerk for a handshake.
    Handshake,
    /// It passed the layer but ended without a response: the client disconnected, the handler panicked, or an inner
    /// service failed. Side effects before that are not undone.
    Unanswered,
}

impl AuditDecision {
    /// The decision's name in audit events.
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
    /// The decision.
    #[must_use]
    pub const fn decision(&self) -> AuditDecision {
        self.decision
    }

    /// Why the request is not signed in, or why it was refused: a [`Reason`](crate::auth::Reason), or the kind of the
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

    /// The request's path without its query. Control characters, backslashes and non-ASCII characters are escaped as in
    /// Rust. A path over 512 bytes is cut off and ends with `...`.
    #[must_use]
    pub const fn path(&self) -> &str {
        self.path
    }

    /// The type of the request's token, `session_token` for example.
    #[must_use]
    pub const fn token_type(&self) -> Option<&str> {
        self.identity.token_type
    }

    /// The user; for an API key or an OAuth access token, the user that it belongs to.
    #[must_use]
    pub const fn user_id(&self) -> Option<&str> {
        self.identity.user_id
    }

    /// The session.
    #[must_use]
    pub const fn session_id(&self) -> Option<&str> {
        self.identity.session_id
    }

    /// The active organization, or the organization that owns the API key.
    #[must_use]
    pub const fn org_id(&self) -> Option<&str> {
        self.identity.org_id
    }

    /// Who acts for the user: the impersonator of a session, or the actor of an OAuth access token.
    #[must_use]
    pub const fn actor(&self) -> Option<&str> {
        self.identity.actor
    }

    /// The machine that the M2M token belongs to.
    #[must_use]
    pub const fn machine_id(&self) -> Option<&str> {
        self.identity.machine_id
    }

    /// The OAuth application.
    #[must_use]
    pub const fn client_id(&self) -> Option<&str> {
        self.identity.client_id
    }

    /// The id of the API key, M2M token or OAuth access token; not the token itself.
    #[must_use]
    pub const fn token_id(&self) -> Option<&str> {
        self.identity.token_id
    }

    /// When Clerk read the claims of the session's token, in seconds since the Unix epoch; see
    /// [`Session::claims_as_of`](crate::Session::claims_as_of).
    #[must_use]
    pub const fn claims_as_of(&self) -> Option<i64> {
        self.identity.claims_as_of
    }

    /// Sends the event to the sink, and to `tracing`: at INFO if there is a sink, else at DEBUG, because the trail names
    /// users and was not asked for.
    pub(super) fn emit(&self, sink: Option<&Sink>) {
        macro_rules! emit {
            ($level:expr) => {
                tracing::event!(
                    target: "clerk::audit",
                    $level,
                    decision = self.decision.as_str(),
                    status = self.decision.status(),
                    reason = self.reason(),
                    method = self.method,
                    path = self.path,
                    token_type = self.identity.token_type,
                    user_id = self.identity.user_id,
                    session_id = self.identity.session_id,
                    claims_as_of = self.identity.claims_as_of,
                    org_id = self.identity.org_id,
                    actor = self.identity.actor,
                    machine_id = self.identity.machine_id,
                    client_id = self.identity.client_id,
                    token_id = self.identity.token_id,
                    "request"
                )
            };
        }
        let Some(Sink(sink)) = sink else { return emit!(tracing::Level::DEBUG) };
        emit!(tracing::Level::INFO);
        if catch_unwind(AssertUnwindSafe(|| sink.record(self))).is_err() {
            tracing::error!(target: "clerk", "the audit sink panicked, so an event may be lost");
        }
    }
}

impl Serialize for AuditEvent<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Identity { token_type, user_id, session_id, claims_as_of, org_id, actor, machine_id, client_id, token_id } =
            self.identity;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("decision", self.decision.as_str())?;
        if let Some(status) = self.decision.status() {
            map.serialize_entry("status", &status)?;
        }
        if let Some(seconds) = claims_as_of {
            map.serialize_entry("claims_as_of", &seconds)?;
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
