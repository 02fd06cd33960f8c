//! [`RateLimit`]: how many calls a client starts in a period, to stay below Clerk's own limits.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use clerk_core::{config::InstanceType, time::Timestamp};

/// A number of calls per period. A call above the limit waits.
///
/// [Clerk's limits](https://clerk.com/docs/guides/how-clerk-works/system-limits) apply to all of an
/// instance's servers together: give each server its share.
///
/// ```
/// use clerk_api::RateLimit;
/// use clerk_core::config::InstanceType;
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

/// A clock that shows an earlier time than before by this much was set back, in microseconds (1 s). Threads that read the
/// clock at the same time differ by less.
const SET_BACK: i64 = 1_000_000;

/// Counts a client's calls by the [generic cell rate algorithm](https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm),
/// which stores one number.
#[derive(Debug)]
pub(crate) struct Limiter {
    limit: RateLimit,
    bucket: Mutex<Bucket>,
}

/// Times in microseconds since the Unix epoch.
#[derive(Debug)]
struct Bucket {
    /// When the bucket would be full again.
    full_at: i64,
    /// The latest time that the clock has shown.
    last_now: i64,
}

impl Limiter {
    pub(crate) const fn new(limit: RateLimit) -> Self {
        Self { limit, bucket: Mutex::new(Bucket { full_at: i64::MIN, last_now: i64::MIN }) }
    }

    /// Reserves the next call and returns its start time; `None`, without a reservation, if that is after `latest`.
    pub(crate) fn reserve(&self, now: Timestamp, latest: Timestamp) -> Option<Timestamp> {
        let period = i64::try_from(self.limit.period.as_micros()).unwrap_or(i64::MAX / 4);
        let step = period / i64::from(self.limit.calls);
        let now = now.unix_millis().saturating_mul(1000);
        let mut bucket = self.bucket.lock().unwrap_or_else(PoisonError::into_inner);
        bucket.follow_clock(now);
        // A client that was idle can start one burst, not more.
        let start = bucket.full_at.max(now);
        let allowed_at = start.saturating_add(step).saturating_sub(period).max(now);
        let allowed = Timestamp::from_unix_millis(allowed_at.saturating_add(999) / 1000);
        if allowed > latest {
            return None;
        }
        bucket.full_at = start.saturating_add(step);
        Some(allowed)
    }
}

impl Bucket {
    /// Moves the bucket back with a clock that was set back. Otherwise calls would wait until it shows the old time.
    fn follow_clock(&mut self, now: i64) {
        let behind = self.last_now.saturating_sub(now);
        if behind > SET_BACK {
            self.full_at = self.full_at.saturating_sub(behind);
            self.last_now = now;
        }
        self.last_now = self.last_now.max(now);
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
    #[test]
    fn a_clock_that_is_set_back_delays_no_call() {
        let limiter = Limiter::new(RateLimit::new(10, Duration::from_secs(10)));
        let starts = |now: i64| {
            let now = Timestamp::from_unix_seconds(now);
            limiter.reserve(now, now + Duration::from_secs(30)).map(|start| start.since(now).as_secs())
        };
        assert_eq!((0..12).map(|_| starts(100_000)).collect::<Vec<_>>()[9..], [Some(0), Some(1), Some(2)]);
        assert_eq!(
            [starts(13_600), starts(13_600)],
            [Some(3), Some(4)],
            "a day earlier: as many calls are left as before"
        );
        assert_eq!(starts(13_605), Some(0), "the rate is the same as before");
        assert_eq!([starts(13_604), starts(13_605)], [Some(2), Some(2)], "two threads, one with an older time");
    }
}
