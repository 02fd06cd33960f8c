//! Rules of calls to the Backend API: which ids fit into a path, how long to wait, which refusals mean the key.
//!
//! Hidden: `clerk-api` makes its calls by them, too. For everybody else this is no part of the interface.

use std::{
    hash::{BuildHasher, RandomState},
    time::{Duration, UNIX_EPOCH},
};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::time::Timestamp;

/// Everything but the unreserved characters of [RFC 3986, section 2.3](https://www.rfc-editor.org/rfc/rfc3986#section-2.3).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// An id as it stands in a path; `None` for one that would not stay in [its place](is_path_segment).
#[must_use]
pub fn path_segment(id: &str) -> Option<String> {
    is_path_segment(id).then(|| utf8_percent_encode(id, ENCODED).to_string())
}

/// Whether a text is one segment of a path, and names nothing else, however it is encoded.
///
/// Slashes are refused even though they would be encoded, since gateways decode them; so is what is empty or a dot
/// segment, which URL parsers resolve however it is encoded.
#[must_use]
pub fn is_path_segment(text: &str) -> bool {
    !text.is_empty() && stays_in_its_place(text, &['/', '\\'])
}

/// Whether an id can be a part of a path as it stands, as Clerk's own SDK has it: slashes are let through there.
pub(crate) fn is_path_part(id: &str) -> bool {
    stays_in_its_place(id, &['?', '#', '\\'])
}

/// Whether a text holds no dot segment and none of these characters, however it is encoded.
fn stays_in_its_place(text: &str, refused: &[char]) -> bool {
    let mut text = text.to_owned();
    // What is encoded more than ten times over is no id either.
    for _ in 0..10 {
        let dots = text.split(['/', '\\']).any(|segment| matches!(segment, "." | ".."));
        if dots || text.contains(refused) || text.chars().any(char::is_control) {
            return false;
        }
        let decoded = percent_decode_str(&text).decode_utf8_lossy().into_owned();
        if decoded == text {
            return true;
        }
        text = decoded;
    }
    false
}

/// How long a server asks to be left alone by its `Retry-After`, in seconds or until a date
/// ([RFC 9110, section 10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3)).
#[must_use]
pub fn retry_after(header: &str, now: Timestamp) -> Option<Duration> {
    let header = header.trim();
    match header.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => Some(date(header)?.since(now)),
    }
}

/// A date in a header ([RFC 9110, section 5.6.7](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7)).
pub(crate) fn date(text: &str) -> Option<Timestamp> {
    let date = httpdate::parse_http_date(text).ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(Timestamp::from_unix_seconds(i64::try_from(date.as_secs()).ok()?))
}

/// The wait after this many failures in a row: it doubles after each, up to the longest, and up to a half of it is taken
/// away at random, so that not all servers come back at once. `random` lies between 0 and 1.
#[must_use]
pub fn back_off(first: Duration, failures: u32, longest: Duration, random: f64) -> Duration {
    let doubled = first.saturating_mul(1 << failures.saturating_sub(1).min(16)).min(longest);
    // Half of it at most is taken away, which cannot overflow whatever the settings say.
    doubled - (doubled / 2).mul_f64(random)
}

/// A number between 0 and 1 that differs from process to process and from call to call: enough for jitter.
#[must_use]
pub fn random() -> f64 {
    RandomState::new().hash_one(()) as f64 / u64::MAX as f64
}

/// Whether an error of the API with this code says that it does not know the secret key.
#[must_use]
pub fn is_about_the_key(code: &str) -> bool {
    matches!(code, "clerk_key_invalid" | "secret_key_invalid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_encoded_and_stay_in_their_place() {
        assert_eq!(path_segment("user_1").as_deref(), Some("user_1"));
        assert_eq!(path_segment("org:admin a+b?c#d%e").as_deref(), Some("org%3Aadmin%20a%2Bb%3Fc%23d%25e"));
        let layers = (0..12).fold("%2e".to_owned(), |id, _| id.replace('%', "%25"));
        for id in
            ["", ".", "..", "../x", "a/b", "a\\b", "%2e%2e", "%2E.", "%252e%252e", "a%2fb", "a\n", "%00", &*layers]
        {
            assert_eq!(path_segment(id), None, "{id:?}");
        }
        for (id, fits) in
            [("sess_1", true), ("a/b", true), ("a%20b", true), ("a/../b", false), ("%2e%2e", false), ("a%3fb", false)]
        {
            assert_eq!(is_path_part(id), fits, "{id:?}");
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
