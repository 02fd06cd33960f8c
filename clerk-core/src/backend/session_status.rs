//! What the Backend API says about sessions, for routes that ask it: remembered for a moment, and asked once at a time for
//! each session.

use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::watch;

use super::api::{Backend, BackendError, Liveness, counted};
use crate::base::time::{Clock, Timestamp};

/// The longest time that a route may accept an answer for.
pub(crate) const LONGEST_MAX_AGE: Duration = Duration::from_secs(60);

/// How many sessions are remembered.
const MAX_SESSIONS: usize = 4096;

/// How long a failure keeps others from asking, which bounds what one client can cause while the API is down.
const FAILURE_LIFE: Duration = Duration::from_secs(1);

/// How often a flight that began too early for somebody is waited for before there is one of its own.
const MAX_FLIGHTS: usize = 3;

/// What is known about the sessions that were asked about.
#[derive(Default)]
pub(crate) struct SessionStatuses(Mutex<HashMap<Box<str>, Asked>>);

/// Nobody could tell. The log has said why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unknown;

type Answer = Result<Liveness, Unknown>;

#[derive(Clone)]
struct Asked {
    /// When, which is what an answer's age counts from.
    at: Timestamp,
    /// Ends with the answer, or closed when the runtime that asked was shut down.
    answer: watch::Receiver<Option<Answer>>,
}

impl Asked {
    /// The answer, if it is young enough.
    fn answer(&self, max_age: Duration, now: Timestamp) -> Option<Answer> {
        let answer = (*self.answer.borrow())?;
        let life = if answer.is_ok() { max_age } else { FAILURE_LIFE };
        self.is_younger_than(life, now).then_some(answer)
    }

    fn is_younger_than(&self, life: Duration, now: Timestamp) -> bool {
        // What was asked in the future was asked before the clock was set back.
        self.at <= now && now.since(self.at) <= life
    }

    fn is_under_way(&self) -> bool {
        self.answer.borrow().is_none() && self.answer.has_changed().is_ok()
    }
}

impl SessionStatuses {
    /// What was heard about a session, no longer ago than this.
    pub(crate) fn known(&self, session_id: &str, max_age: Duration, now: Timestamp) -> Option<Answer> {
        self.asked().get(session_id)?.answer(max_age, now)
    }

    /// Forgets what was heard about a session.
    pub(crate) fn forget(&self, session_id: &str) {
        self.asked().remove(session_id);
    }

    /// Starts to ask unless somebody does already.
    fn ask(&self, backend: Option<&Backend>, session_id: &str, max_age: Duration, now: Timestamp) -> Asked {
        let mut asked = self.asked();
        if let Some(known) = asked.get(session_id)
            && (known.is_under_way() || known.answer(max_age, now).is_some())
        {
            return known.clone();
        }
        make_room(&mut asked, now);
        let (sender, answer) = watch::channel(None);
        let flight = Asked { at: now, answer };
        asked.insert(session_id.into(), flight.clone());
        drop(asked);
        // A task of its own, so that a request that goes away cannot cancel it for the others.
        let (backend, session_id) = (backend.cloned(), Box::<str>::from(session_id));
        tokio::spawn(async move {
            let outcome = match backend {
                Some(backend) => counted("session", backend.session_liveness(&session_id).await),
                None => Err(BackendError::Malformed),
            };
            sender.send_replace(Some(outcome.map_err(|error| {
                tracing::warn!(target: "clerk", %error, "the Backend API cannot say whether a session is still active, so requests are refused with 503 where that is asked");
                Unknown
            })));
        });
        flight
    }

    fn asked(&self) -> MutexGuard<'_, HashMap<Box<str>, Asked>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the Backend API says about a session, asked no longer than `max_age` before now.
pub(crate) async fn ask(
    statuses: &SessionStatuses,
    backend: Option<&Backend>,
    clock: &dyn Clock,
    session_id: &str,
    max_age: Duration,
) -> Answer {
    let since = clock.now();
    for _ in 0..MAX_FLIGHTS {
        let mut asked = statuses.ask(backend, session_id, max_age, clock.now());
        // A flight dies with the runtime that it was spawned on: the next one is ours.
        let Ok(answer) = asked.answer.wait_for(Option::is_some).await.map(|answer| *answer) else { continue };
        // One that was under way already may be too old.
        if let Some(answer) = answer.filter(|_| asked.at >= since).or_else(|| asked.answer(max_age, since)) {
            return answer;
        }
    }
    Err(Unknown)
}

fn make_room(asked: &mut HashMap<Box<str>, Asked>, now: Timestamp) {
    if asked.len() < MAX_SESSIONS {
        return;
    }
    // What is older than any route asks for.
    asked.retain(|_, one| one.is_under_way() || one.is_younger_than(LONGEST_MAX_AGE, now));
    while asked.len() >= MAX_SESSIONS {
        let Some(oldest) = asked.iter().min_by_key(|(_, one)| one.at).map(|(id, _)| id.clone()) else { return };
        asked.remove(&oldest);
    }
}

impl fmt::Debug for SessionStatuses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionStatuses").finish_non_exhaustive()
    }
}
