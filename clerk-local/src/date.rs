//! The `Date` header, and dates in text form. The header shows the instance's clock, so that a client that compares
//! clocks sees the one that tokens are issued by.

use std::{
    sync::Arc,
    time::{Duration, UNIX_EPOCH},
};

use axum::{
    extract::{Request, State},
    http::{HeaderValue, header::DATE},
    middleware::Next,
    response::Response,
};

use clerk_core::time::Timestamp;

use crate::shared::Shared;

/// Middleware that sets the `Date` header of every response ([RFC 9110, section
/// 6.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1)).
pub(crate) async fn set_date_header(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    // The header cannot express times before the epoch or after the year 9999.
    const LAST: u64 = 253_402_300_799;
    let seconds = u64::try_from(shared.clock.now().unix_seconds()).unwrap_or_default().min(LAST);
    let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds));
    if let Ok(value) = HeaderValue::try_from(date) {
        response.headers_mut().insert(DATE, value);
    }
    response
}

/// Parses a date in the form of [RFC 3339, section 5.6](https://www.rfc-editor.org/rfc/rfc3339#section-5.6); cuts off
/// anything below a millisecond.
pub(crate) fn parse_rfc3339(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let number = |at: std::ops::Range<usize>| {
        let digits = bytes.get(at)?;
        digits.iter().try_fold(0_i64, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
    };
    let is = |at: usize, expected: &[u8]| bytes.get(at).is_some_and(|byte| expected.contains(byte));
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    let well_formed = is(4, b"-") && is(7, b"-") && is(10, b"Tt ") && is(13, b":") && is(16, b":");
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !well_formed || !(1..=days).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let mut at = 19;
    let mut millis = 0;
    if is(at, b".") {
        let digits = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let padded: String = text.get(at + 1..at + 1 + digits)?.chars().chain("000".chars()).take(3).collect();
        millis = if digits == 0 { return None } else { padded.parse().ok()? };
        at += 1 + digits;
    }
    let offset = if is(at, b"Zz") {
        at += 1;
        0
    } else {
        let (hours, minutes) = (number(at + 1..at + 3)?, number(at + 4..at + 6)?);
        if !is(at, b"+-") || !is(at + 3, b":") || hours > 23 || minutes > 59 {
            return None;
        }
        let minutes = hours * 60 + minutes;
        let sign = if is(at, b"-") { -1 } else { 1 };
        at += 6;
        sign * minutes
    };
    // Days since the epoch, with years that begin in March so that the leap day is the last one.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days =
        365 * y + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400) + (153 * m + 2) / 5 + day - 1 - 719_468;
    let seconds = days * 86_400 + hour * 3600 + (minute - offset) * 60 + second;
    (at == bytes.len()).then(|| Timestamp::from_unix_millis(seconds * 1000 + millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_parsed() {
        // The examples of RFC 3339, section 5.8, Clerk's own, and the limits.
        for (text, millis) in [
            ("1985-04-12T23:20:50.52Z", 482_196_050_520),
            ("1996-12-19T16:39:57-08:00", 851_042_397_000),
            ("1937-01-01T12:00:27.87+00:20", -1_041_337_172_130),
            ("2012-10-20T07:15:20.902Z", 1_350_717_320_902),
            ("2024-02-29t00:00:00z", 1_709_164_800_000),
            ("1970-01-01T00:00:00.0009Z", 0),
            ("0000-01-01T00:00:00Z", -62_167_219_200_000),
            ("9999-12-31T23:59:59Z", 253_402_300_799_000),
        ] {
            assert_eq!(parse_rfc3339(text).map(Timestamp::unix_millis), Some(millis), "{text}");
        }
        for text in [
            "",
            "2012-10-20",
            "2012-10-20T07:15:20",
            "2012-10-20T07:15:20Zx",
            "2023-02-29T00:00:00Z",
            "2012-13-01T00:00:00Z",
            "2012-10-20T24:00:00Z",
            "2012-10-20T07:15:20.Z",
            "2012-10-20T07:15:20+0100",
            "2012-1\u{e9}-20T07:15:20Z",
            "+012-10-20T07:15:20Z",
        ] {
            assert_eq!(parse_rfc3339(text), None, "{text}");
        }
    }
}
