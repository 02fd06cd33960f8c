//! [`Retry`]: how often and how soon a failed call is retried.

use std::time::Duration;

use clerk_core::internal::back_off;

/// How often and how soon a failed call is retried. Default: three tries, with waits of about 0.2 s and 0.4 s, or as
/// long as the API's `Retry-After` header says.
///
/// | failure | repeated |
/// |---|---|
/// | status 429: refused before it was executed | every call |
/// | no connection (DNS, TCP or TLS), so that nothing was sent | every call |
/// | status 502, 503 or 504 | GET calls and calls marked `idempotent()` |
/// | a connection that breaks, a truncated response, no response in time | GET calls and calls marked `idempotent()` |
/// | anything else | none |
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
    /// One try, no retries.
    #[must_use]
    pub fn never() -> Self {
        Self { tries: 1, ..Self::default() }
    }

    /// The largest number of tries, at least 1; default: 3.
    #[must_use]
    pub fn tries(mut self, tries: u32) -> Self {
        self.tries = tries.max(1);
        self
    }

    /// The wait after the first failure; default: 200 ms. It doubles after each further failure. A random part, up to a
    /// half, is subtracted, so that several servers do not retry at the same moment.
    #[must_use]
    pub fn first_wait(mut self, wait: Duration) -> Self {
        self.first_wait = wait;
        self
    }

    /// The longest wait; default: 10 s. If the API's `Retry-After` is longer, the call fails at once, with that time in
    /// its error.
    #[must_use]
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// How long to wait after this many tries; `None` after the last. `random` is between 0 and 1.
    pub(crate) fn wait_after(&self, tries: u32, retry_after: Option<Duration>, random: f64) -> Option<Duration> {
        if tries >= self.tries || retry_after.is_some_and(|wait| wait > self.longest_wait) {
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
    fn waits_double_with_jitter_and_follow_retry_after_up_to_the_longest() {
        let seconds = Duration::from_secs;
        let retry = Retry::default().tries(4).first_wait(seconds(2)).longest_wait(seconds(5));
        assert_eq!(
            [1, 2, 3, 4].map(|tries| retry.wait_after(tries, None, 0.0)),
            [2, 4, 5, 0].map(|s| (s > 0).then(|| seconds(s)))
        );
        assert_eq!(retry.wait_after(1, None, 1.0), Some(seconds(1)));
        assert_eq!(retry.wait_after(1, Some(seconds(3)), 0.5), Some(seconds(3)));
        assert_eq!(retry.wait_after(1, Some(seconds(6)), 0.5), None);
        assert_eq!(Retry::never().wait_after(1, None, 0.0), None);
        assert!(retry.tries(u32::MAX).wait_after(u32::MAX - 1, None, 0.3).is_some());
    }
}
