//! [`LogLimit`]: writes a line that strangers can cause at most once a minute, with the number of lines left out.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};

use super::time::Timestamp;

/// The shortest time between two lines, in milliseconds.
const INTERVAL: i64 = 60_000;

/// The limit of one kind of line.
#[derive(Debug)]
pub(crate) struct LogLimit {
    /// When the last line was written, in Unix milliseconds.
    last: AtomicI64,
    left_out: AtomicU64,
}

impl LogLimit {
    pub(crate) const fn new() -> Self {
        Self { last: AtomicI64::new(i64::MIN), left_out: AtomicU64::new(0) }
    }

    /// If a line may be written now: how many were left out since the last one. A clock that was set back does not
    /// silence the log.
    pub(crate) fn admit(&self, now: Timestamp) -> Option<u64> {
        let (now, last) = (now.unix_millis(), self.last.load(Relaxed));
        let is_early = now.checked_sub(last).is_some_and(|since| (0..INTERVAL).contains(&since));
        // Of several threads, the one that moves the time writes the line.
        if is_early || self.last.compare_exchange(last, now, Relaxed, Relaxed).is_err() {
            self.left_out.fetch_add(1, Relaxed);
            return None;
        }
        Some(self.left_out.swap(0, Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_a_minute_says_how_many_were_left_out() {
        let limit = LogLimit::new();
        let admit = |seconds| limit.admit(Timestamp::from_unix_seconds(seconds));
        assert_eq!(admit(1000), Some(0));
        assert_eq!((admit(1000), admit(1059)), (None, None));
        assert_eq!((admit(1060), admit(1061)), (Some(2), None));
        assert_eq!(admit(10), Some(1), "the clock was set back");
        assert_eq!(LogLimit::new().admit(Timestamp::from_unix_millis(i64::MAX)), Some(0));
    }
}
