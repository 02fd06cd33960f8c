//! [`RateLimit`]: how many calls a client starts in a period, to stay below Clerk's own limits.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use clerk_core::{InstanceType, time::Timestamp};

/// A number of calls per period. A call above the limit waits.
///
/// [Clerk's limits](https://clerk.com/docs/guides/how-clerk-works/system-limits) apply to all of an
/// instance's servers together: give each server its share.
///
/// ```
/// use clerk_api::RateLimit;
/// use clerk_core::InstanceType;
/// use std::time::Duration;
///
/// let one_of_four_servers = RateLimit::for_instance(InstanceType::Production).split_across(4);
/// assert_eq!(one_of_four_servers, RateLimit::new(250, Duration::from_secs(10)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    calls: u32,
    period: Duration,
}

impl RateLimit {
    /// Allows a burst of `calls` calls (at least one), then `calls` per `period`, evenly spaced.
    #[must_use]
    pub fn new(calls: u32, period: Duration) -> Self {
        Self { calls: calls.max(1), period }
    }

    /// Clerk's limit: 1000 calls in 10 s for a production instance, 100 for a development instance.
    #[must_use]
    pub fn for_instance(instance: InstanceType) -> Self {
        Self::new(if instance == InstanceType::Production { 1000 } else { 100 }, Duration::from_secs(10))
    }

    /// The share of one server, if this many servers share the limit.
    #[must_use]
    pub fn split_across(self, servers: u32) -> Self {
        Self::new(self.calls / servers.max(1), self.period)
    }
}

/// Counts a client's calls by the [generic cell rate algorithm](https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm),
/// which stores one number.
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

    /// Reserves the next call and returns its start time; `None`, without a reservation, if that is after `latest`.
    pub(crate) fn reserve(&self, now: Timestamp, latest: Timestamp) -> Option<Timestamp> {
        let period = i64::try_from(self.limit.period.as_micros()).unwrap_or(i64::MAX / 4);
        let step = period / i64::from(self.limit.calls);
        let now = now.unix_millis().saturating_mul(1000);
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        // A client that was idle can start one burst, not more.
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
    fn a_burst_passes_and_later_calls_are_spaced() {
        let limiter = Limiter::new(RateLimit::new(10, Duration::from_secs(10)));
        let (now, late) = (Timestamp::from_unix_seconds(1000), Timestamp::from_unix_seconds(1003));
        let starts = || limiter.reserve(now, late).map(Timestamp::unix_seconds);
        assert_eq!((0..10).map(|_| starts()).collect::<Vec<_>>(), [Some(1000); 10]);
        assert_eq!([starts(), starts(), starts()], [Some(1001), Some(1002), Some(1003)]);
        assert_eq!([starts(), starts()], [None, None], "a call that cannot wait that long is not counted");
        let later = Timestamp::from_unix_seconds(1013);
        assert_eq!(limiter.reserve(later, later), Some(later));
    }
}
