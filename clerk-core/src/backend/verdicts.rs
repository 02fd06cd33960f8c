//! [`Verdicts`]: credentials that the Backend API has just accepted or refused. The negative cache of the calls that
//! strangers cause, and how a caller that was accepted before is told apart from a stranger.
//!
//! An accepted credential is looked up again all the same: this is no cache of tokens.

use std::{
    fmt,
    hash::{BuildHasher, RandomState},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::api::BackendError;
use crate::base::{time::Timestamp, ttl_map::TtlMap};

/// How long a refusal is kept. Short, because a token that was just created may not be known everywhere at Clerk yet.
const KEEP_REFUSED: Duration = Duration::from_secs(10);

/// How long a caller counts as known.
const KEEP_ACCEPTED: Duration = Duration::from_secs(10 * 60);

/// How many of each are kept.
const MAX_ENTRIES: usize = 4096;

/// Hashes of credentials, under keys that no client knows.
type Digest = [u64; 2];

pub(super) struct Verdicts {
    hashers: [RandomState; 2],
    state: Mutex<State>,
}

struct State {
    // Apart, so that refusals do not evict those who were accepted.
    accepted: TtlMap<Digest, ()>,
    refused: TtlMap<Digest, Refusal>,
}

/// A refusal, as the API sent it.
#[derive(Clone)]
struct Refusal {
    status: u16,
    code: Option<Box<str>>,
}

/// What is known about a credential.
#[derive(Debug)]
pub(super) enum Verdict {
    Accepted,
    Refused(BackendError),
    Unknown,
}

impl Verdicts {
    pub(super) fn new() -> Self {
        let state = State { accepted: TtlMap::new(MAX_ENTRIES), refused: TtlMap::new(MAX_ENTRIES) };
        Self { hashers: [RandomState::new(), RandomState::new()], state: Mutex::new(state) }
    }

    /// What is known about a credential of this kind.
    pub(super) fn find(&self, kind: &str, credential: &str, now: Timestamp) -> Verdict {
        let digest = self.digest(kind, credential);
        let state = self.state();
        if let Some(Refusal { status, code }) = state.refused.get(&digest, now) {
            return Verdict::Refused(BackendError::Refused { status: *status, code: code.clone() });
        }
        match state.accepted.get(&digest, now) {
            Some(()) => Verdict::Accepted,
            None => Verdict::Unknown,
        }
    }

    /// Keeps what the API said about a credential. Errors that say nothing about it change nothing.
    pub(super) fn learn<T>(&self, kind: &str, credential: &str, outcome: &Result<T, BackendError>, now: Timestamp) {
        let digest = self.digest(kind, credential);
        match outcome {
            Ok(_) => self.state().accepted.insert(digest, (), now..now + KEEP_ACCEPTED),
            Err(BackendError::Refused { status: status @ (400 | 404 | 410 | 422), code }) => {
                let mut state = self.state();
                state.accepted.remove(&digest);
                let refusal = Refusal { status: *status, code: code.clone() };
                state.refused.insert(digest, refusal, now..now + KEEP_REFUSED);
            }
            Err(_) => {}
        }
    }

    fn digest(&self, kind: &str, credential: &str) -> Digest {
        self.hashers.each_ref().map(|hasher| hasher.hash_one((kind, credential)))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it is held.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Verdicts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verdicts").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::http::FetchError;

    const NOW: Timestamp = Timestamp::from_unix_seconds(1_000);

    fn refusal(status: u16) -> Result<(), BackendError> {
        Err(BackendError::Refused { status, code: Some("resource_not_found".into()) })
    }

    fn is_refused(verdicts: &Verdicts, credential: &str, now: Timestamp) -> bool {
        matches!(verdicts.find("ak", credential, now), Verdict::Refused(BackendError::Refused { status: 404, .. }))
    }

    #[test]
    fn a_refusal_is_kept_for_a_short_time_and_for_its_kind_alone() {
        let verdicts = Verdicts::new();
        verdicts.learn("ak", "junk", &refusal(404), NOW);
        assert!(is_refused(&verdicts, "junk", NOW) && !is_refused(&verdicts, "other", NOW));
        assert!(is_refused(&verdicts, "junk", NOW + KEEP_REFUSED - Duration::from_millis(1)));
        assert!(!is_refused(&verdicts, "junk", NOW + KEEP_REFUSED));
        assert!(matches!(verdicts.find("mt", "junk", NOW), Verdict::Unknown));
    }

    #[test]
    fn an_outage_says_nothing_about_a_credential() {
        let verdicts = Verdicts::new();
        verdicts.learn("ak", "good", &Ok(()), NOW);
        for error in [BackendError::Busy, BackendError::Malformed, BackendError::Fetch(FetchError::Timeout)] {
            verdicts.learn("ak", "good", &Err::<(), _>(error), NOW);
        }
        for status in [401, 403, 429, 500, 503] {
            verdicts.learn("ak", "good", &refusal(status), NOW);
        }
        assert!(matches!(verdicts.find("ak", "good", NOW), Verdict::Accepted));
        verdicts.learn("ak", "good", &refusal(404), NOW);
        assert!(is_refused(&verdicts, "good", NOW));
        let later = NOW + KEEP_REFUSED;
        assert!(matches!(verdicts.find("ak", "good", later), Verdict::Unknown), "a stranger again");
    }

    #[test]
    fn junk_evicts_no_known_caller() {
        let verdicts = Verdicts::new();
        verdicts.learn("ak", "good", &Ok(()), NOW);
        for number in 0..2 * MAX_ENTRIES {
            verdicts.learn("ak", &number.to_string(), &refusal(404), NOW);
        }
        assert!(matches!(verdicts.find("ak", "good", NOW), Verdict::Accepted));
        assert_eq!(verdicts.state().refused.len(), MAX_ENTRIES);
    }
}
