//! The sessions that somebody waits for the end of: where the news that one has ended comes in.

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

/// How many sessions are asked about at once; the others wait for their turn, so that requests find calls left.
const MAX_CHECKS: usize = 16;

/// One entry for each session that somebody waits for, and none for any other.
#[derive(Debug)]
pub(crate) struct WatchedSessions {
    by_id: Mutex<HashMap<Box<str>, Entry>>,
    turns: Semaphore,
    failing: AtomicBool,
}

#[derive(Debug)]
struct Entry {
    waiting: usize,
    user_id: Box<str>,
    watched: Arc<Watched>,
}

/// A session that somebody waits for.
#[derive(Debug)]
pub(crate) struct Watched {
    ended: AtomicBool,
    news: Notify,
    /// When the newest token of it was issued, in milliseconds.
    issued_at: AtomicI64,
    /// When the Backend API was last asked about it, in milliseconds.
    checked_at: AtomicI64,
}

impl Default for WatchedSessions {
    fn default() -> Self {
        Self { by_id: Mutex::default(), turns: Semaphore::new(MAX_CHECKS), failing: AtomicBool::new(false) }
    }
}

impl WatchedSessions {
    /// One more who waits for a session.
    pub(crate) fn watch(&self, session_id: &str, user_id: &str) -> Arc<Watched> {
        let mut by_id = self.by_id();
        let entry = by_id.entry(session_id.into()).or_insert_with(|| Entry {
            waiting: 0,
            user_id: user_id.into(),
            watched: Arc::default(),
        });
        entry.waiting += 1;
        Arc::clone(&entry.watched)
    }

    /// One less; the last takes the entry along.
    pub(crate) fn forget(&self, session_id: &str) {
        let mut by_id = self.by_id();
        let Some(entry) = by_id.get_mut(session_id) else { return };
        entry.waiting -= 1;
        if entry.waiting == 0 {
            by_id.remove(session_id);
        }
    }

    /// Tells everybody who waits for this session that it has ended.
    pub(crate) fn ended(&self, session_id: &str) {
        if let Some(Entry { watched, .. }) = self.by_id().get(session_id) {
            watched.end();
        }
    }

    /// Tells everybody whose session is over by this revocation. Who stops being a member of an organization is still
    /// signed in, so connections go on.
    pub(crate) fn revoked(&self, revocation: &Revocation) {
        match revocation.revoked() {
            Revoked::Session(id) => self.ended(id),
            Revoked::User(id) => {
                for entry in self.by_id().values().filter(|entry| entry.user_id == *id) {
                    if entry.watched.issued_at.load(Ordering::SeqCst) <= revocation.at().unix_millis() {
                        entry.watched.end();
                    }
                }
            }
            Revoked::Membership { .. } => {}
        }
    }

    pub(crate) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.turns.acquire().await.ok()
    }

    pub(crate) fn learned(&self) {
        self.failing.store(false, Ordering::Relaxed);
    }

    pub(crate) fn is_first_failure(&self) -> bool {
        !self.failing.swap(true, Ordering::Relaxed)
    }

    fn by_id(&self) -> MutexGuard<'_, HashMap<Box<str>, Entry>> {
        self.by_id.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Watched {
    fn default() -> Self {
        Self {
            ended: AtomicBool::new(false),
            news: Notify::new(),
            issued_at: AtomicI64::new(i64::MIN),
            checked_at: AtomicI64::new(i64::MIN),
        }
    }
}

impl Watched {
    /// There is a token that was issued then.
    pub(crate) fn holds(&self, issued_at: Option<Timestamp>) {
        self.issued_at.fetch_max(issued_at.map_or(i64::MIN, Timestamp::unix_millis), Ordering::SeqCst);
    }

    pub(crate) fn end(&self) {
        self.ended.store(true, Ordering::SeqCst);
        self.news.notify_waiters();
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::SeqCst)
    }

    /// Resolves when the session has ended.
    pub(crate) async fn ended(self: Arc<Self>) {
        // Listens before it looks, so that no news is missed in between.
        let mut news = pin!(self.news.notified());
        news.as_mut().enable();
        if !self.has_ended() {
            news.await;
        }
    }

    /// Whether it is for the caller to ask about the session now: not when another connection did so within the interval.
    pub(crate) fn claims_check(&self, now: Timestamp, interval: Duration) -> bool {
        let due = |checked_at| now >= Timestamp::from_unix_millis(checked_at) + interval;
        let claim = |checked_at| due(checked_at).then_some(now.unix_millis());
        self.checked_at.fetch_update(Ordering::SeqCst, Ordering::SeqCst, claim).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_kept_about_a_session_that_nobody_waits_for() {
        let sessions = WatchedSessions::default();
        let (one, other) = (sessions.watch("sess_1", "user_1"), sessions.watch("sess_1", "user_1"));
        assert!(Arc::ptr_eq(&one, &other));
        sessions.forget("sess_1");
        sessions.ended("sess_1");
        sessions.ended("sess_unknown");
        assert!(other.has_ended());
        sessions.forget("sess_1");
        sessions.forget("sess_1");
        assert!(sessions.by_id().is_empty());
        assert!(!sessions.watch("sess_1", "user_1").has_ended());
    }

    #[test]
    fn connections_of_one_session_share_its_checks() {
        let watched = Watched::default();
        let claims = |second, interval| {
            watched.claims_check(Timestamp::from_unix_seconds(second), Duration::from_secs(interval))
        };
        assert!(claims(100, 30));
        assert!(!claims(110, 30) && !claims(129, 30));
        assert!(claims(110, 10), "another interval");
        assert!(!claims(139, 30));
        assert!(claims(140, 30));
    }
}
