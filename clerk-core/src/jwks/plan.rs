//! When to fetch the keys: a pure function of their age, the last attempt and whether the wanted key is known.

use std::time::Duration;

use crate::time::Timestamp;

/// Keys are fetched again, behind a request that does not wait for it, when they are this old.
pub(crate) const REFRESH_AFTER: Duration = Duration::from_secs(4 * 60);
/// Keys are used while the endpoint fails, up to this age; longer would delay the removal of a leaked key for ever.
pub(crate) const HARD_LIMIT: Duration = Duration::from_secs(24 * 60 * 60);
/// An unknown `kid` causes at most one fetch in this time.
pub(crate) const UNKNOWN_KEY_COOLDOWN: Duration = Duration::from_secs(30);
/// After a failed fetch, the next one waits this long.
pub(crate) const FAILURE_COOLDOWN: Duration = Duration::from_secs(1);

/// What the store knows at one moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Situation {
    /// When the keys arrived, if there are any.
    pub(crate) fetched_at: Option<Timestamp>,
    /// Whether the wanted key is among them.
    pub(crate) known: bool,
    /// When the last fetch ended, and whether it brought keys.
    pub(crate) last_attempt: Option<(Timestamp, bool)>,
}

/// What to do about a wanted key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plan {
    /// Verify with the key.
    Use,
    /// Verify with the key, and fetch behind the request.
    UseAndRefresh,
    /// Wait for a fetch.
    Fetch,
    /// There is no such key.
    RefuseUnknown,
    /// Nobody can tell: try again after this time.
    RefuseUnavailable(Duration),
}

pub(crate) fn plan(situation: Situation, now: Timestamp) -> Plan {
    // A clock that was set back must not stretch a cooldown: what lies in the future never was.
    let last_attempt = situation.last_attempt.filter(|(at, _)| *at <= now);
    let wait = match last_attempt {
        Some((at, false)) => FAILURE_COOLDOWN.saturating_sub(now.since(at)),
        _ => Duration::ZERO,
    };
    let age = situation.fetched_at.map(|at| now.since(at)).filter(|age| *age < HARD_LIMIT);
    match age {
        Some(age) if situation.known => {
            let fetched_later = situation.fetched_at.is_some_and(|at| at > now);
            if (age >= REFRESH_AFTER || fetched_later) && wait.is_zero() { Plan::UseAndRefresh } else { Plan::Use }
        }
        Some(_) if !wait.is_zero() => Plan::RefuseUnavailable(wait),
        Some(_) => match last_attempt {
            Some((at, true)) if now.since(at) < UNKNOWN_KEY_COOLDOWN => Plan::RefuseUnknown,
            _ => Plan::Fetch,
        },
        None if wait.is_zero() => Plan::Fetch,
        None => Plan::RefuseUnavailable(wait),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_seconds(1_000_000);

    fn decide(age: Option<u64>, known: bool, last: Option<(u64, bool)>) -> Plan {
        let ago = |seconds| NOW - Duration::from_secs(seconds);
        let situation = Situation {
            fetched_at: age.map(ago),
            known,
            last_attempt: last.map(|(seconds, good)| (ago(seconds), good)),
        };
        plan(situation, NOW)
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
    fn stale_keys_have_an_end() {
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
    fn a_clock_set_back_stretches_no_cooldown() {
        let later = NOW + Duration::from_secs(3600);
        let after =
            |fetched_at, known, good| plan(Situation { fetched_at, known, last_attempt: Some((later, good)) }, NOW);
        assert_eq!(after(None, false, false), Plan::Fetch);
        assert_eq!(after(Some(later), false, true), Plan::Fetch);
        assert_eq!(after(Some(later), true, true), Plan::UseAndRefresh);
    }

    #[test]
    fn before_the_first_key_everybody_waits_for_one_fetch() {
        assert_eq!(decide(None, false, None), Plan::Fetch);
        assert_eq!(decide(None, false, Some((0, false))), Plan::RefuseUnavailable(FAILURE_COOLDOWN));
        assert_eq!(decide(None, false, Some((1, false))), Plan::Fetch);
    }
}
