//! Conversions of [`Timestamp`] to and from the types of the standard library and, behind features, of `chrono`, `jiff` and
//! `time`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
use crate::timestamp::OutOfRange;
use crate::timestamp::Timestamp;

/// Saturates where the system's clock has no such time.
impl From<Timestamp> for SystemTime {
    fn from(at: Timestamp) -> Self {
        let since_epoch = Duration::from_millis(at.unix_millis().unsigned_abs());
        let time = if at.unix_millis() < 0 {
            UNIX_EPOCH.checked_sub(since_epoch)
        } else {
            UNIX_EPOCH.checked_add(since_epoch)
        };
        time.unwrap_or(UNIX_EPOCH)
    }
}

/// Cuts off what is smaller than a millisecond.
impl From<SystemTime> for Timestamp {
    fn from(at: SystemTime) -> Self {
        let epoch = Self::from_unix_millis(0);
        match at.duration_since(UNIX_EPOCH) {
            Ok(since_epoch) => epoch + since_epoch,
            Err(before_epoch) => epoch - before_epoch.duration(),
        }
    }
}

#[cfg(feature = "chrono")]
#[cfg_attr(docsrs, doc(cfg(feature = "chrono")))]
impl TryFrom<Timestamp> for chrono::DateTime<chrono::Utc> {
    type Error = OutOfRange;

    fn try_from(at: Timestamp) -> Result<Self, OutOfRange> {
        Self::from_timestamp_millis(at.unix_millis()).ok_or(OutOfRange)
    }
}

#[cfg(feature = "chrono")]
#[cfg_attr(docsrs, doc(cfg(feature = "chrono")))]
impl From<chrono::DateTime<chrono::Utc>> for Timestamp {
    fn from(at: chrono::DateTime<chrono::Utc>) -> Self {
        Self::from_unix_millis(at.timestamp_millis())
    }
}

#[cfg(feature = "jiff")]
#[cfg_attr(docsrs, doc(cfg(feature = "jiff")))]
impl TryFrom<Timestamp> for jiff::Timestamp {
    type Error = OutOfRange;

    fn try_from(at: Timestamp) -> Result<Self, OutOfRange> {
        Self::from_millisecond(at.unix_millis()).map_err(|_| OutOfRange)
    }
}

#[cfg(feature = "jiff")]
#[cfg_attr(docsrs, doc(cfg(feature = "jiff")))]
impl From<jiff::Timestamp> for Timestamp {
    fn from(at: jiff::Timestamp) -> Self {
        Self::from_unix_millis(at.as_millisecond())
    }
}

#[cfg(feature = "time")]
#[cfg_attr(docsrs, doc(cfg(feature = "time")))]
impl TryFrom<Timestamp> for time::OffsetDateTime {
    type Error = OutOfRange;

    fn try_from(at: Timestamp) -> Result<Self, OutOfRange> {
        Self::from_unix_timestamp_nanos(i128::from(at.unix_millis()) * 1_000_000).map_err(|_| OutOfRange)
    }
}

#[cfg(feature = "time")]
#[cfg_attr(docsrs, doc(cfg(feature = "time")))]
impl From<time::OffsetDateTime> for Timestamp {
    fn from(at: time::OffsetDateTime) -> Self {
        // The years up to 9999 fit.
        Self::from_unix_millis((at.unix_timestamp_nanos().div_euclid(1_000_000)) as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMES: [i64; 4] = [-1, 0, 1_768_478_400_123, 253_402_207_000_000];

    #[test]
    fn times_survive_a_round_trip() {
        for millis in TIMES {
            let at = Timestamp::from_unix_millis(millis);
            assert_eq!(Timestamp::from(SystemTime::from(at)), at);
            #[cfg(feature = "chrono")]
            assert_eq!(Timestamp::from(chrono::DateTime::try_from(at).unwrap()), at);
            #[cfg(feature = "time")]
            assert_eq!(Timestamp::from(time::OffsetDateTime::try_from(at).unwrap()), at);
            #[cfg(feature = "jiff")]
            assert_eq!(Timestamp::from(jiff::Timestamp::try_from(at).unwrap()), at);
        }
        #[cfg(feature = "chrono")]
        assert_eq!(chrono::DateTime::try_from(Timestamp::from_unix_millis(i64::MAX)), Err(OutOfRange));
        #[cfg(feature = "jiff")]
        assert_eq!(jiff::Timestamp::try_from(Timestamp::from_unix_millis(i64::MAX)), Err(OutOfRange));
        #[cfg(feature = "time")]
        assert_eq!(time::OffsetDateTime::try_from(Timestamp::from_unix_millis(i64::MAX)), Err(OutOfRange));
    }
}
