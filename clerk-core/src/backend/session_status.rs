//! What the Backend API says about sessions, for routes that ask it: cached for a moment, and one call at a time for each
//! session.

use std::time::Duration;

use tokio::time::timeout;

use super::{
    api::{Backend, BackendError, SessionLiveness, count_call},
    http::FetchError,
};
use crate::base::{
    flight::FlightMap,
    retry::RETRY_AFTER,
    time::{Clock, Timestamp},
};

/// The largest age that a route may allow.
pub(crate) const LONGEST_MAX_AGE: Duration = Duration::from_secs(60);

/// How long a result is kept: a little longer than any route allows.
const KEEP: Duration = Duration::from_secs(61);

/// How long a failure is kept, which bounds the calls that one client can cause while the API is down.
const KEEP_FAILURE: Duration = RETRY_AFTER;

/// How many sessions are cached.
const MAX_SESSIONS: usize = 4096;

/// What the Backend API has said about sessions.
#[derive(Debug)]
pub(crate) struct SessionStatuses(FlightMap<DatedStatus>);

/// The Backend API gave no usable response. The log has said why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unknown;

#[derive(Debug, Clone, Copy)]
struct DatedStatus {
    status: Result<SessionLiveness, Unknown>,
    /// When the call began, from which the age counts.
    asked_at: Timestamp,
}

impl DatedStatus {
    fn is_recent(&self, max_age: Duration, now: Timestamp) -> bool {
        let max_age = if self.status.is_ok() { max_age } else { KEEP_FAILURE };
        // A call from the future began before the clock was set back.
        self.asked_at <= now && now.since(self.asked_at) <= max_age
    }
}

impl SessionStatuses {
    /// With calls of at most this long. The backend's budget bounds their number.
    pub(crate) fn new(call_limit: Duration) -> Self {
        Self(FlightMap::new(MAX_SESSIONS, MAX_SESSIONS).call_limit(call_limit))
    }

    /// What is cached about a session and not older than `max_age`.
    pub(crate) fn find(
        &self,
        session_id: &str,
        max_age: Duration,
        now: Timestamp,
    ) -> Option<Result<SessionLiveness, Unknown>> {
        self.0.get(session_id, now).filter(|known| known.is_recent(max_age, now)).map(|known| known.status)
    }

    /// Removes what is cached about a session.
    pub(crate) fn remove(&self, session_id: &str) {
        self.0.remove(session_id);
    }
}

/// What the Backend API says about a session, asked no longer than `max_age` before now.
pub(crate) async fn ask(
    statuses: &SessionStatuses,
    backend: Option<&Backend>,
    clock: &dyn Clock,
    session_id: &str,
    max_age: Duration,
) -> Result<SessionLiveness, Unknown> {
    let since = clock.now();
    let is_recent = |known: &DatedStatus| known.asked_at >= since || known.is_recent(max_age, since);
    let call = || {
        let (asked_at, backend, session_id) = (clock.now(), backend.cloned(), Box::<str>::from(session_id));
        async move {
            let status = fetch(backend.as_ref(), &session_id).await;
            (DatedStatus { status, asked_at }, asked_at..asked_at + KEEP)
        }
    };
    statuses.0.get_or_call(session_id, clock, is_recent, call).await.map_or(Err(Unknown), |known| known.status)
}

async fn fetch(backend: Option<&Backend>, session_id: &str) -> Result<SessionLiveness, Unknown> {
    let outcome = match backend {
        Some(backend) => {
            // With the time that the call waits for its turn.
            let call = timeout(backend.transport.timeout(), backend.session_liveness(session_id)).await;
            count_call("session", call.unwrap_or(Err(BackendError::Fetch(FetchError::Timeout))))
        }
        None => Err(BackendError::Malformed),
    };
    outcome.map_err(|error| {
        tracing::warn!(target: "clerk", %error, "the Backend API cannot say whether a session is still active, so routes that check it answer with 503");
        Unknown
    })
}
