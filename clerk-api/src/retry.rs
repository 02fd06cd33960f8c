//! [`Retry`]: how often and how soon a call that failed is made again.

use std::time::Duration;

use clerk_core::backend_rules::back_off;

/// How often and how soon a call that failed is made again: three tries unless set, waiting about 0.2 s and then about
/// 0.4 s, or as long as the API's `Retry-After` says.
///
/// It counts for GET, and for other calls that are [marked](crate::Client#retries) as safe to repeat; and only after 429,
/// 502, 503, 504, a failed connection, an answer cut off, or no answer in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    tries: u32,
    first_wait: Duration,
    longest_wait: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { tries: 3, first_wait: Duration::from_millis(200), longest_wait: Duration::from_secs(10) }
    }
}

impl Retry {
    /// One try.
    #[must_use]
    pub fn never() -> Self {
        Self { tries: 1, ..Self::default() }
    }

    /// How many times a call is made at most; 3 unless set.
    #[must_use]
    pub fn tries(mut self, tries: u32) -> Self {
        self.tries = tries.max(1);
        self
    }

    /// The wait after the first failure, which doubles after each; 200 ms unless set. Up to a half of it is taken away at
    /// random, so that not all servers come back at once.
    #[must_use]
    pub fn first_wait(mut self, wait: Duration) -> Self {
        self.first_wait = wait;
        self
    }

    /// The longest wait, 10 s unless set. Where the API asks for more, the call fails at once, and its error says how long.
    #[must_use]
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// How long to wait after this many tries; `None` when it was the last. `random` lies between 0 and 1.
    pub(crate) fn wait(&self, tries: u32, retry_after: Option<Duration>, random: f64) -> Option<Duration> {
        if tries >= self.tries || retry_after.is_some_and(|asked| asked > self.longest_wait) {
            return None;
        }
        let wait = back_off(self.first_wait, tries, self.longest_wait, random);
        Some(wait.max(retry_after.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_with_jitter_and_honour_the_api_up_to_a_ceiling() {
        let seconds = Duration::from_secs;
        let retry = Retry::default().tries(4).first_wait(seconds(2)).longest_wait(seconds(5));
        assert_eq!(
            [1, 2, 3, 4].map(|tries| retry.wait(tries, None, 0.0)),
            [2, 4, 5, 0].map(|s| (s > 0).then(|| seconds(s)))
        );
        assert_eq!(retry.wait(1, None, 1.0), Some(seconds(1)));
        assert_eq!(retry.wait(1, Some(seconds(3)), 0.5), Some(seconds(3)));
        assert_eq!(retry.wait(1, Some(seconds(6)), 0.5), None);
        assert_eq!(Retry::never().wait(1, None, 0.0), None);
        assert!(retry.tries(u32::MAX).wait(u32::MAX - 1, None, 0.3).is_some());
    }
}
