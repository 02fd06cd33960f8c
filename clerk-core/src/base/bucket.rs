//! [`Bucket`]: so many calls at once, and after that one in each interval. The clock is an argument.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::time::Timestamp;

/// A token bucket. A caller takes a call before it makes one, and is told how long to wait.
#[derive(Debug)]
pub(crate) struct Bucket {
    /// The time in which one call is added again.
    interval: Duration,
    /// How long it takes to fill an empty bucket.
    capacity: Duration,
    /// When the bucket will be full again; `None` while it is.
    full_at: Mutex<Option<Timestamp>>,
}

impl Bucket {
    /// A full bucket of this many calls, to which one is added in each interval.
    pub(crate) fn new(calls: u32, interval: Duration) -> Self {
        Self { interval, capacity: interval * calls, full_at: Mutex::default() }
    }

    /// Takes a call, and returns how long the caller must wait before it makes it. `None` if that is longer than `longest`:
    /// then nothing is taken.
    pub(crate) fn take(&self, now: Timestamp, longest: Duration) -> Option<Duration> {
        let mut full_at = self.full_at();
        // A time further off than any caller was promised comes from a clock that was set back.
        let plausible = now + self.capacity + longest;
        let begin = full_at.filter(|at| (now..=plausible).contains(at)).unwrap_or(now);
        let after = begin + self.interval;
        let wait = after.since(now).saturating_sub(self.capacity);
        if wait > longest {
            return None;
        }
        *full_at = Some(after);
        Some(wait)
    }

    /// Gives a call back that need not have counted.
    pub(crate) fn put_back(&self) {
        let mut full_at = self.full_at();
        *full_at = full_at.map(|at| at - self.interval);
    }

    fn full_at(&self) -> MutexGuard<'_, Option<Timestamp>> {
        // Nothing panics while it is held.
        self.full_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_seconds(1_000);
    const LONGEST: Duration = Duration::from_millis(40);

    fn bucket() -> Bucket {
        Bucket::new(3, Duration::from_millis(20))
    }

    #[test]
    fn a_full_bucket_has_its_calls_at_once_and_then_one_in_each_interval() {
        let bucket = bucket();
        let waits: Vec<_> = (0..6).map(|_| bucket.take(NOW, LONGEST).map(|wait| wait.as_millis())).collect();
        assert_eq!(waits, [Some(0), Some(0), Some(0), Some(20), Some(40), None], "the last one would wait too long");
        assert_eq!(bucket.take(NOW + Duration::from_millis(20), LONGEST), Some(LONGEST));
        let later = NOW + Duration::from_secs(9);
        assert_eq!((0..4).filter(|_| bucket.take(later, LONGEST) == Some(Duration::ZERO)).count(), 3, "full again");
    }

    #[test]
    fn a_call_that_is_given_back_can_be_taken_again() {
        let bucket = bucket();
        for _ in 0..1000 {
            assert_eq!(bucket.take(NOW, LONGEST), Some(Duration::ZERO));
            bucket.put_back();
        }
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_lock_callers_out() {
        let bucket = bucket();
        bucket.take(NOW + Duration::from_secs(3600), LONGEST).unwrap();
        assert_eq!(bucket.take(NOW, LONGEST), Some(Duration::ZERO));
    }
}
