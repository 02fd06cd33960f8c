//! How long the next fetch waits after a failure: pure functions, with the randomness as an argument.

use std::time::Duration;

use crate::base::{retry, time::Timestamp};

/// The longest wait after failures in a row, while there is a usable value.
const MAX_BACK_OFF: Duration = Duration::from_secs(30);

/// The longest wait that an endpoint can ask for with `Retry-After`.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);

/// A fetch that has ended.
#[derive(Debug, Clone, Copy)]
pub struct Attempt {
    /// When it ended.
    pub at: Timestamp,
    /// After a failure, how long the next one waits; `None` after a success.
    pub wait: Option<Duration>,
}

impl Attempt {
    /// The attempt, unless it lies in the future: a wait must not grow when the clock is set back.
    #[must_use]
    pub fn before(self, now: Timestamp) -> Option<Self> {
        (self.at <= now).then_some(self)
    }

    /// How much is left of its wait.
    #[must_use]
    pub fn wait_left(self, now: Timestamp) -> Duration {
        self.wait.unwrap_or_default().saturating_sub(now.since(self.at))
    }
}

/// How long the next fetch waits after this many failures in a row; `random` lies between 0 and 1.
///
/// `serving`: whether there is a usable value meanwhile. Without one all callers wait, so the wait does not grow.
pub(crate) fn back_off(
    first: Duration,
    failures: u32,
    serving: bool,
    retry_after: Option<Duration>,
    random: f64,
) -> Duration {
    let longest = if serving { MAX_BACK_OFF.max(first) } else { first };
    retry::back_off(first, failures, longest, random).max(retry_after.unwrap_or_default().min(MAX_RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Duration = Duration::from_secs(1);

    #[test]
    fn waits_grow_only_while_there_is_a_usable_value() {
        let wait = |failures, serving, random| back_off(FIRST, failures, serving, None, random).as_secs_f64();
        for (failures, expected) in [(1, 1.0), (2, 2.0), (5, 16.0), (6, 30.0), (u32::MAX, 30.0)] {
            assert_eq!(wait(failures, true, 0.0), expected, "{failures}");
            assert_eq!(wait(failures, true, 1.0), expected / 2.0, "{failures}");
            assert_eq!(wait(failures, false, 0.0), 1.0, "{failures}");
        }
        let patient = Duration::from_secs(300);
        assert_eq!(back_off(patient, 3, true, None, 0.0), patient);
        assert_eq!(back_off(Duration::MAX, 3, false, None, 0.0), Duration::MAX);
    }

    #[test]
    fn an_endpoint_may_ask_for_a_minute() {
        let wait = |seconds| back_off(FIRST, 1, false, Some(Duration::from_secs(seconds)), 0.0).as_secs();
        assert_eq!([wait(0), wait(7), wait(60), wait(u64::MAX)], [1, 7, 60, 60]);
    }

    #[test]
    fn a_wait_ends_and_does_not_grow_when_the_clock_is_set_back() {
        let at = Timestamp::from_unix_seconds(1_000);
        let failed = Attempt { at, wait: Some(Duration::from_secs(10)) };
        assert_eq!(failed.wait_left(at + Duration::from_secs(4)), Duration::from_secs(6));
        assert_eq!(failed.wait_left(at + Duration::from_secs(11)), Duration::ZERO);
        assert_eq!(Attempt { at, wait: None }.wait_left(at), Duration::ZERO);
        assert!(failed.before(at).is_some() && failed.before(at - Duration::from_secs(1)).is_none());
    }
}
