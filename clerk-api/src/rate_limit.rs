//! [`RateLimit`]: how many calls a client starts, so that Clerk need not refuse any.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use clerk_core::{InstanceType, time::Timestamp};

/// So many calls in so much time. Whoever comes sooner waits.
///
/// [Clerk's limits](https://clerk.com/docs/guides/how-clerk-works/system-limits) count for all of an instance's
/// servers together: give each of them its share.
///
/// ```
/// use clerk_api::RateLimit;
/// use clerk_core::InstanceType;
/// use std::time::Duration;
///
/// let one_of_four_servers = RateLimit::of_instance(InstanceType::Production).shared_by(4);
/// assert_eq!(one_of_four_servers, RateLimit::new(250, Duration::from_secs(10)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    calls: u32,
    period: Duration,
}

impl RateLimit {
    /// At most `calls` calls, one at least, in any `period`, after a burst of as many.
    #[must_use]
    pub fn new(calls: u32, period: Duration) -> Self {
        Self { calls: calls.max(1), period }
    }

    /// What Clerk allows: 1000 calls in 10 s for a production instance, 100 for a development instance.
    #[must_use]
    pub fn of_instance(instance: InstanceType) -> Self {
        Self::new(if instance == InstanceType::Production { 1000 } else { 100 }, Duration::from_secs(10))
    }

    /// The share of one of so many servers.
    #[must_use]
    pub fn shared_by(self, servers: u32) -> Self {
        Self::new(self.calls / servers.max(1), self.period)
    }
}

/// The calls of a client so far: a [generic cell rate algorithm](https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm),
/// which needs one number.
#[derive(Debug)]
pub(crate) struct Limiter {
    limit: RateLimit,
    /// When the bucket would be full again, in microseconds since the Unix epoch.
    full_at: Mutex<i64>,
}

impl Limiter {
    pub(crate) const fn new(limit: RateLimit) -> Self {
        Self { limit, full_at: Mutex::new(i64::MIN) }
    }

    /// When the next call may start, which then counts; `None`, and it does not count, if that is not before `latest`.
    pub(crate) fn reserve(&self, now: Timestamp, latest: Timestamp) -> Option<Timestamp> {
        let period = i64::try_from(self.limit.period.as_micros()).unwrap_or(i64::MAX / 4);
        let step = period / i64::from(self.limit.calls);
        let now = now.unix_millis().saturating_mul(1000);
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        // Never further ahead than all who wait need: a clock that was set back must not stretch a wait.
        let start = (*full_at).max(now);
        let allowed_at = start.saturating_add(step).saturating_sub(period).max(now);
        let allowed = Timestamp::from_unix_millis(allowed_at.saturating_add(999) / 1000);
        if allowed > latest {
            return None;
        }
        *full_at = start.saturating_add(step);
        Some(allowed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_the_rest_waits_its_turn() {
        let limiter = Limiter::new(RateLimit::new(10, Duration::from_secs(10)));
        let (now, late) = (Timestamp::from_unix_seconds(1000), Timestamp::from_unix_seconds(1003));
        let starts = || limiter.reserve(now, late).map(Timestamp::unix_seconds);
        assert_eq!((0..10).map(|_| starts()).collect::<Vec<_>>(), [Some(1000); 10]);
        assert_eq!([starts(), starts(), starts()], [Some(1001), Some(1002), Some(1003)]);
        assert_eq!([starts(), starts()], [None, None], "those who cannot wait that long do not count");
        let later = Timestamp::from_unix_seconds(1013);
        assert_eq!(limiter.reserve(later, later), Some(later));
    }
}
