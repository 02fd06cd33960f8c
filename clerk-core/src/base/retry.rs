//! Wait times between retries of a call.

use std::{
    hash::{BuildHasher, RandomState},
    time::{Duration, UNIX_EPOCH},
};

use super::time::Timestamp;

/// `Retry-After` of a refusal with 503, where Clerk says nothing better.
pub(crate) const RETRY_AFTER: Duration = Duration::from_secs(1);

/// The wait that a `Retry-After` header asks for, in seconds or until a date
/// ([RFC 9110, section 10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3)).
pub(crate) fn retry_after(header: &str, now: Timestamp) -> Option<Duration> {
    let header = header.trim();
    match header.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => Some(date(header)?.since(now)),
    }
}

/// The `Retry-After` header of a response that asks for this wait: whole seconds, and at least one.
#[must_use]
pub fn retry_after_header(wait: Duration) -> String {
    wait.as_millis().div_ceil(1000).max(1).to_string()
}

/// An HTTP date ([RFC 9110, section 5.6.7](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7)).
pub(crate) fn date(text: &str) -> Option<Timestamp> {
    let date = httpdate::parse_http_date(text).ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(Timestamp::from_unix_seconds(i64::try_from(date.as_secs()).ok()?))
}

/// The wait after this many consecutive failures: doubled after each, at most `longest`, minus a random part of up to
/// one half, so that not all servers retry at once. `random` is between 0 and 1.
#[must_use]
pub fn back_off(first: Duration, failures: u32, longest: Duration, random: f64) -> Duration {
    let doubled = first.saturating_mul(1 << failures.saturating_sub(1).min(16)).min(longest);
    // Subtracts at most one half, so this cannot overflow for any setting.
    doubled - (doubled / 2).mul_f64(random)
}

/// A random number between 0 and 1, good enough for jitter.
#[must_use]
pub fn random() -> f64 {
    RandomState::new().hash_one(()) as f64 / u64::MAX as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requested_wait_is_at_least_one_second() {
        for (wait, header) in [(0, "1"), (1, "1"), (1000, "1"), (1001, "2")] {
            assert_eq!(retry_after_header(Duration::from_millis(wait)), header, "{wait}");
        }
    }

    #[test]
    fn waits_are_seconds_or_dates() {
        let now = Timestamp::from_unix_seconds(784_111_777); // Sun, 06 Nov 1994 08:49:37 GMT
        for (text, seconds) in [
            ("0", Some(0)),
            (" 7 ", Some(7)),
            ("Sun, 06 Nov 1994 08:49:47 GMT", Some(10)),
            ("Sun, 06 Nov 1994 08:49:00 GMT", Some(0)),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
        ] {
            assert_eq!(retry_after(text, now).map(|wait| wait.as_secs()), seconds, "{text}");
        }
    }

    #[test]
    fn waits_double_up_to_the_longest_and_lose_a_half_at_most() {
        let wait =
            |failures, random| back_off(Duration::from_secs(2), failures, Duration::from_secs(5), random).as_secs_f64();
        assert_eq!([0, 1, 2, 3, u32::MAX].map(|failures| wait(failures, 0.0)), [2.0, 2.0, 4.0, 5.0, 5.0]);
        assert_eq!([1, 3].map(|failures| wait(failures, 1.0)), [1.0, 2.5]);
        assert_eq!(back_off(Duration::MAX, 3, Duration::MAX, 0.0), Duration::MAX);
        assert!((0.0..=1.0).contains(&random()) && random() != random());
    }
}
