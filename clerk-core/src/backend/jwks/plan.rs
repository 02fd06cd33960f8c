//! When to fetch the keys: a pure function of their age, the last attempt and whether the key in question is known.

use std::time::Duration;

use crate::{backend::single_flight::Attempt, base::time::Timestamp};

/// The shortest pause of a background refresher under any policy.
const MIN_PAUSE: Duration = Duration::from_millis(100);

/// When the instance's keys are fetched, and how long they are used.
///
/// ```
/// use clerk_core::{Clerk, setup::JwksPolicy};
/// use std::time::Duration;
///
/// let builder = Clerk::builder().jwks(JwksPolicy::default().hard_limit(Duration::from_secs(60 * 60)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JwksPolicy {
    pub(crate) refresh_after: Duration,
    pub(crate) hard_limit: Duration,
    pub(crate) unknown_key_cooldown: Duration,
    pub(crate) failure_cooldown: Duration,
}

impl Default for JwksPolicy {
    fn default() -> Self {
        Self {
            refresh_after: Duration::from_secs(4 * 60),
            hard_limit: Duration::from_secs(24 * 60 * 60),
            unknown_key_cooldown: Duration::from_secs(30),
            failure_cooldown: Duration::from_secs(1),
        }
    }
}

impl JwksPolicy {
    /// Keys of this age are fetched again in the background of a request, which does not wait (default: 4 minutes).
    #[must_use]
    pub const fn refresh_after(mut self, age: Duration) -> Self {
        self.refresh_after = age;
        self
    }

    /// Keys of this age are no longer used, even if the endpoint fails (default: 24 hours). A longer limit keeps users
    /// signed in for longer while Clerk cannot be reached, and delays the removal of a leaked key.
    #[must_use]
    pub const fn hard_limit(mut self, age: Duration) -> Self {
        self.hard_limit = age;
        self
    }

    /// Tokens with an unknown `kid` cause at most one fetch in this time (default: 30 seconds).
    #[must_use]
    pub const fn unknown_key_cooldown(mut self, cooldown: Duration) -> Self {
        self.unknown_key_cooldown = cooldown;
        self
    }

    /// After a failed fetch the next one waits this long, less a random part of up to a half (default: 1 second).
    ///
    /// While there are usable keys, each further failure doubles the wait, up to 30 seconds. A `Retry-After` of the endpoint
    /// is honoured up to a minute.
    #[must_use]
    pub const fn failure_cooldown(mut self, cooldown: Duration) -> Self {
        self.failure_cooldown = cooldown;
        self
    }
}

/// What the store knows at one time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Situation {
    /// When the keys were fetched, if there are any.
    pub(crate) fetched_at: Option<Timestamp>,
    /// Whether the key in question is one of them.
    pub(crate) known: bool,
    pub(crate) last_attempt: Option<Attempt>,
}

/// What to do when a key is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plan {
    /// Verify with the key.
    Use,
    /// Verify with the key, and fetch in the background.
    UseAndRefresh,
    /// Wait for a fetch.
    Fetch,
    /// The instance has no such key.
    RefuseUnknown,
    /// The keys cannot be obtained now: try again after this time.
    RefuseUnavailable(Duration),
}

pub(crate) fn plan(policy: &JwksPolicy, situation: Situation, now: Timestamp) -> Plan {
    let last_attempt = situation.last_attempt.and_then(|attempt| attempt.before(now));
    let wait = last_attempt.map(|attempt| attempt.wait_left(now)).unwrap_or_default();
    let age = situation.fetched_at.map(|at| now.since(at)).filter(|age| *age < policy.hard_limit);
    match age {
        Some(age) if situation.known => {
            let fetched_later = situation.fetched_at.is_some_and(|at| at > now);
            if (age >= policy.refresh_after || fetched_later) && wait.is_zero() {
                Plan::UseAndRefresh
            } else {
                Plan::Use
            }
        }
        Some(_) if !wait.is_zero() => Plan::RefuseUnavailable(wait),
        Some(_) => match last_attempt {
            Some(Attempt { at, wait: None }) if now.since(at) < policy.unknown_key_cooldown => Plan::RefuseUnknown,
            _ => Plan::Fetch,
        },
        None if wait.is_zero() => Plan::Fetch,
        None => Plan::RefuseUnavailable(wait),
    }
}

/// How long a background refresher sleeps: until the keys are almost stale, or the wait after a failure has ended.
pub(crate) fn next_refresh(policy: &JwksPolicy, situation: Situation, now: Timestamp, random: f64) -> Duration {
    let Some(Attempt { at, wait }) = situation.last_attempt.and_then(|attempt| attempt.before(now)) else {
        return Duration::ZERO;
    };
    // Before a request would start a fetch, and not at the same time as every other process.
    let pause = wait.unwrap_or_else(|| policy.refresh_after.mul_f64(0.9 - random / 5.0));
    pause.saturating_sub(now.since(at)).max(MIN_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAILURE_COOLDOWN: Duration = Duration::from_secs(1);
    const NOW: Timestamp = Timestamp::from_unix_seconds(1_000_000);

    fn attempt(at: Timestamp, good: bool) -> Attempt {
        Attempt { at, wait: (!good).then_some(FAILURE_COOLDOWN) }
    }

    fn decide(age: Option<u64>, known: bool, last: Option<(u64, bool)>) -> Plan {
        let ago = |seconds| NOW - Duration::from_secs(seconds);
        let situation = Situation {
            fetched_at: age.map(ago),
            known,
            last_attempt: last.map(|(seconds, good)| attempt(ago(seconds), good)),
        };
        plan(&JwksPolicy::default(), situation, NOW)
    }

    #[test]
    fn a_known_key_never_waits() {
        assert_eq!(decide(Some(0), true, Some((0, true))), Plan::Use);
        assert_eq!(decide(Some(239), true, Some((239, true))), Plan::Use);
        assert_eq!(decide(Some(240), true, Some((240, true))), Plan::UseAndRefresh);
        assert_eq!(decide(Some(86_399), true, Some((0, false))), Plan::Use);
        assert_eq!(decide(Some(86_399), true, Some((1, false))), Plan::UseAndRefresh);
    }

    #[test]
    fn stale_keys_are_not_used_beyond_the_hard_limit() {
        assert_eq!(decide(Some(86_400), true, Some((1, false))), Plan::Fetch);
        assert_eq!(decide(Some(86_400), true, Some((0, false))), Plan::RefuseUnavailable(FAILURE_COOLDOWN));
    }

    #[test]
    fn unknown_keys_fetch_once_per_cooldown() {
        assert_eq!(decide(Some(29), false, Some((29, true))), Plan::RefuseUnknown);
        assert_eq!(decide(Some(30), false, Some((30, true))), Plan::Fetch);
        assert_eq!(decide(Some(60), false, Some((0, false))), Plan::RefuseUnavailable(FAILURE_COOLDOWN));
    }

    #[test]
    fn a_cooldown_does_not_grow_when_the_clock_is_set_back() {
        let later = NOW + Duration::from_secs(3600);
        let after = |fetched_at, known, good| {
            let situation = Situation { fetched_at, known, last_attempt: Some(attempt(later, good)) };
            plan(&JwksPolicy::default(), situation, NOW)
        };
        assert_eq!(after(None, false, false), Plan::Fetch);
        assert_eq!(after(Some(later), false, true), Plan::Fetch);
        assert_eq!(after(Some(later), true, true), Plan::UseAndRefresh);
    }

    #[test]
    fn before_the_first_key_all_callers_wait_for_one_fetch() {
        assert_eq!(decide(None, false, None), Plan::Fetch);
        assert_eq!(decide(None, false, Some((0, false))), Plan::RefuseUnavailable(FAILURE_COOLDOWN));
        assert_eq!(decide(None, false, Some((1, false))), Plan::Fetch);
    }

    #[test]
    fn a_refresher_fetches_before_a_request_does() {
        let sleep = |last: Option<(u64, bool)>| {
            let last_attempt = last.map(|(seconds, good)| attempt(NOW - Duration::from_secs(seconds), good));
            let situation = Situation { fetched_at: None, known: true, last_attempt };
            next_refresh(&JwksPolicy::default(), situation, NOW, 0.0)
        };
        assert_eq!(sleep(None), Duration::ZERO);
        assert_eq!(sleep(Some((0, true))).as_secs(), 216);
        assert_eq!(sleep(Some((230, true))), MIN_PAUSE);
        assert_eq!(sleep(Some((0, false))), FAILURE_COOLDOWN);
    }
}
