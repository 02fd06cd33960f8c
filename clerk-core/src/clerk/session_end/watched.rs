//! [`WatchedSessions`]: the sessions of open connections, which are told when a session has ended.

use std::{
    collections::HashMap,
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use tokio::sync::{Notify, Semaphore, SemaphorePermit};

use crate::{
    base::time::Timestamp,
    revocation::{Revocation, Revoked},
};

/// How many sessions are checked at once, so that calls for requests are not crowded out. Further checks wait.
const MAX_CHECKS: usize = 16;

/// The sessions that a [`SessionEnd`](super::SessionEnd) waits for, and no others.
#[derive(Debug)]
pub(crate) struct WatchedSessions {
    by_id: Mutex<HashMap<Box<str>, SessionWatch>>,
    permits: Semaphore,
    /// Whether the last check failed.
    is_failing: AtomicBool,
}

#[derive(Debug)]
struct SessionWatch {
    /// How many connections wait.
    waiting: usize,
    user_id: Box<str>,
    watched: Arc<WatchedSession>,
}

/// A session that connections wait for.
#[derive(Debug)]
pub(crate) struct WatchedSession {
    has_ended: AtomicBool,
    end: Notify,
    /// When the newest claims of its tokens were read, in milliseconds.
    claims_as_of: AtomicI64,
    /// When it was last checked, in milliseconds.
    checked_at: AtomicI64,
}

impl Default for WatchedSessions {
    fn default() -> Self {
        Self { by_id: Mutex::default(), permits: Semaphore::new(MAX_CHECKS), is_failing: AtomicBool::new(false) }
    }
}

impl WatchedSessions {
    /// Adds a connection that waits for a session.
    pub(crate) fn watch(&self, session_id: &str, user_id: &str) -> Arc<WatchedSession> {
        let mut by_id = self.by_id();
        let watch = by_id.entry(session_id.into()).or_insert_with(|| SessionWatch {
            waiting: 0,
            user_id: user_id.into(),
            watched: Arc::default(),
        });
        watch.waiting += 1;
        Arc::clone(&watch.watched)
    }

    /// Removes a connection, and with the last one the session.
    pub(crate) fn unwatch(&self, session_id: &str) {
        let mut by_id = self.by_id();
        let Some(watch) = by_id.get_mut(session_id) else { return };
        watch.waiting -= 1;
        if watch.waiting == 0 {
            by_id.remove(session_id);
        }
    }

    /// Ends a session for all its connections.
    pub(crate) fn end(&self, session_id: &str) {
        if let Some(SessionWatch { watched, .. }) = self.by_id().get(session_id) {
            watched.end();
        }
    }

    /// Ends the sessions that a revocation concerns. A user who leaves an organization is still signed in, so their
    /// connections stay open.
    pub(crate) fn apply_revocation(&self, revocation: &Revocation) {
        match revocation.revoked() {
            Revoked::Session(id) => self.end(id),
            Revoked::User(id) => {
                for watch in self.by_id().values().filter(|watch| watch.user_id == *id) {
                    if watch.watched.claims_as_of.load(Ordering::SeqCst) <= revocation.cutoff().unix_millis() {
                        watch.watched.end();
                    }
                }
            }
            Revoked::Membership { .. } => {}
        }
    }

    pub(crate) async fn wait_for_permit(&self) -> Option<SemaphorePermit<'_>> {
        self.permits.acquire().await.ok()
    }

    pub(crate) fn record_success(&self) {
        self.is_failing.store(false, Ordering::Relaxed);
    }

    /// Whether this is the first failure in a row.
    pub(crate) fn record_failure(&self) -> bool {
        !self.is_failing.swap(true, Ordering::Relaxed)
    }

    fn by_id(&self) -> MutexGuard<'_, HashMap<Box<str>, SessionWatch>> {
        self.by_id.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for WatchedSession {
    fn default() -> Self {
        Self {
            has_ended: AtomicBool::new(false),
            end: Notify::new(),
            claims_as_of: AtomicI64::new(i64::MIN),
            checked_at: AtomicI64::new(i64::MIN),
        }
    }
}

impl WatchedSession {
    /// Records when the claims of a token of the session were read.
    pub(crate) fn add_token(&self, claims_as_of: Option<Timestamp>) {
        self.claims_as_of.fetch_max(claims_as_of.map_or(i64::MIN, Timestamp::unix_millis), Ordering::SeqCst);
    }

    pub(crate) fn end(&self) {
        self.has_ended.store(true, Ordering::SeqCst);
        self.end.notify_waiters();
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.has_ended.load(Ordering::SeqCst)
    }

    /// Resolves when the session has ended.
    pub(crate) async fn wait_for_end(self: Arc<Self>) {
        // Listen first, so that no end is missed in between.
        let mut end = pin!(self.end.notified());
        end.as_mut().enable();
        if !self.has_ended() {
            end.await;
        }
    }

    /// Whether the caller must check the session now: not when another connection has done so within the interval.
    pub(crate) fn claim_check(&self, now: Timestamp, interval: Duration) -> bool {
        let due = |checked_at| now >= Timestamp::from_unix_millis(checked_at) + interval;
        let claim = |checked_at| due(checked_at).then_some(now.unix_millis());
        self.checked_at.fetch_update(Ordering::SeqCst, Ordering::SeqCst, claim).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_without_waiting_connections_is_removed() {
        let sessions = WatchedSessions::default();
        let (one, other) = (sessions.watch("sess_1", "user_1"), sessions.watch("sess_1", "user_1"));
        assert!(Arc::ptr_eq(&one, &other));
        sessions.unwatch("sess_1");
        sessions.end("sess_1");
        sessions.end("sess_unknown");
        assert!(other.has_ended());
        sessions.unwatch("sess_1");
        sessions.unwatch("sess_1");
        assert!(sessions.by_id().is_empty());
        assert!(!sessions.watch("sess_1", "user_1").has_ended());
    }

    #[test]
    fn connections_of_one_session_share_its_checks() {
        let watched = WatchedSession::default();
        let claims =
            |second, interval| watched.claim_check(Timestamp::from_unix_seconds(second), Duration::from_secs(interval));
        assert!(claims(100, 30));
        assert!(!claims(110, 30) && !claims(129, 30));
        assert!(claims(110, 10), "another interval");
        assert!(!claims(139, 30));
        assert!(claims(140, 30));
    }
}
