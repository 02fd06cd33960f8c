//! Time as an argument: the [`Timestamp`] that every rule takes, and the [`Clock`] that the driver reads it from.
//!
//! This is the only file of the crate that reads the system clock.

use std::{
    fmt::Debug,
    future::Future,
    pin::{Pin, pin},
    sync::atomic::{AtomicI64, Ordering},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

#[cfg(any(target_os = "linux", target_os = "android"))]
use nix::time::{ClockId, clock_gettime};
use tokio::sync::Notify;

/// A point in time, in whole milliseconds since the Unix epoch (UTC).
///
/// ```
/// use clerk_core::time::Timestamp;
/// use std::time::Duration;
///
/// let issued = Timestamp::from_unix_seconds(1_768_478_400);
/// assert_eq!((issued + Duration::from_secs(60)).unix_millis(), 1_768_478_460_000);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The largest instant that Clerk's JavaScript SDK can represent: 100 000 000 days after the epoch.
    ///
    /// A token whose time claim lies beyond it is refused rather than taken for "never".
    pub(crate) const MAX_SECONDS: f64 = 8.64e12;

    /// The instant `millis` milliseconds after the Unix epoch.
    #[must_use]
    pub const fn from_unix_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// The instant `seconds` seconds after the Unix epoch, saturating.
    #[must_use]
    pub const fn from_unix_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// A JWT `NumericDate` ([RFC 7519, section 2](https://www.rfc-editor.org/rfc/rfc7519#section-2)), its fraction
    /// cut off as Clerk's own SDK does; `None` for a number that is no date.
    pub(crate) fn from_numeric_date(seconds: f64) -> Option<Self> {
        // The range was checked, so the conversion neither saturates nor wraps.
        (seconds.abs() <= Self::MAX_SECONDS).then(|| Self::from_unix_seconds(seconds.trunc() as i64))
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub const fn unix_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the Unix epoch, rounded down.
    #[must_use]
    pub const fn unix_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// How long ago `earlier` was; zero when it lies in the future, as it does after the clock was set back.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        let millis = self.0.saturating_sub(earlier.0);
        Duration::from_millis(if millis < 0 { 0 } else { millis.unsigned_abs() })
    }
}

/// As Clerk's API and webhooks have it: whole milliseconds. A JWT's dates are seconds.
impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i64::deserialize(deserializer).map(Self)
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

impl std::ops::Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(millis(duration)))
    }
}

impl std::ops::Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(millis(duration)))
    }
}

/// Where "now" comes from.
///
/// [`SystemClock`] unless a test injects a [`ManualClock`] through
/// [`ClerkBuilder::clock`](crate::ClerkBuilder::clock).
pub trait Clock: Debug + Send + Sync + 'static {
    /// The current time.
    fn now(&self) -> Timestamp;

    /// Waits until the clock shows this time; not at all when it already does.
    ///
    /// By default that is so much of real time as is left now, so whoever must be sure looks at the clock again: it may
    /// have been set back meanwhile.
    ///
    /// # Panics
    /// The future of the default does outside a Tokio runtime.
    fn sleep_until(&self, at: Timestamp) -> Sleep<'_> {
        Box::pin(async move {
            let left = at.since(self.now());
            if !left.is_zero() {
                tokio::time::sleep(left).await;
            }
        })
    }
}

/// Future of [`Clock::sleep_until`].
pub type Sleep<'c> = Pin<Box<dyn Future<Output = ()> + Send + 'c>>;

/// The clock of the operating system; on Linux as of its last tick, up to 10 ms ago, which costs a quarter.
///
/// A [clock skew](crate::ClerkBuilder::clock_skew) of less than that would refuse a token in the moment it was issued.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        if let Ok(time) = clock_gettime(ClockId::CLOCK_REALTIME_COARSE) {
            return Timestamp::from_unix_millis(time.tv_sec().saturating_mul(1000) + time.tv_nsec() / 1_000_000);
        }
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(elapsed) => Timestamp(millis(elapsed)),
            Err(before_epoch) => Timestamp(-millis(before_epoch.duration())),
        }
    }
}

/// A clock that stands still until it is told to move, for tests.
///
/// ```
/// use clerk_core::time::{Clock, ManualClock, Timestamp};
/// use std::time::Duration;
///
/// let clock = ManualClock::new(Timestamp::from_unix_seconds(1_768_478_400));
/// clock.advance(Duration::from_secs(61));
/// assert_eq!(clock.now().unix_seconds(), 1_768_478_461);
/// ```
///
/// Whoever [sleeps](Clock::sleep_until) by it wakes when it is moved far enough, and never by itself.
#[derive(Debug)]
pub struct ManualClock {
    now: AtomicI64,
    moved: Notify,
}

impl ManualClock {
    /// A clock that shows `now`.
    #[must_use]
    pub const fn new(now: Timestamp) -> Self {
        Self { now: AtomicI64::new(now.0), moved: Notify::const_new() }
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        self.now.fetch_add(millis(by), Ordering::SeqCst);
        self.moved.notify_waiters();
    }

    /// Sets the clock, forward or back.
    pub fn set(&self, now: Timestamp) {
        self.now.store(now.0, Ordering::SeqCst);
        self.moved.notify_waiters();
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.now.load(Ordering::SeqCst))
    }

    fn sleep_until(&self, at: Timestamp) -> Sleep<'_> {
        Box::pin(async move {
            loop {
                // Listens before it looks, so that no move is missed in between.
                let mut moved = pin!(self.moved.notified());
                moved.as_mut().enable();
                if self.now() >= at {
                    return;
                }
                moved.await;
            }
        })
    }
}

impl<C: Clock + ?Sized> Clock for std::sync::Arc<C> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }

    fn sleep_until(&self, at: Timestamp) -> Sleep<'_> {
        (**self).sleep_until(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numeric_dates_lose_their_fraction_and_refuse_what_is_no_date() {
        let parsed = |seconds| Timestamp::from_numeric_date(seconds).map(Timestamp::unix_millis);
        assert_eq!(parsed(1.9), Some(1000));
        assert_eq!(parsed(-1.9), Some(-1000));
        assert_eq!(parsed(2_208_988_800.0), Some(2_208_988_800_000), "2040 does not fit 32 bits");
        assert_eq!(parsed(8.64e12), Some(8_640_000_000_000_000));
        for no_date in [8.65e12, 1e300, -1e300, f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            assert_eq!(parsed(no_date), None, "{no_date}");
        }
    }

    #[test]
    fn a_clock_set_back_counts_as_no_time_passed() {
        let now = Timestamp::from_unix_seconds(100);
        assert_eq!(now.since(Timestamp::from_unix_seconds(40)), Duration::from_secs(60));
        assert_eq!(now.since(Timestamp::from_unix_seconds(140)), Duration::ZERO);
        assert_eq!(Timestamp::from_unix_millis(-1).unix_seconds(), -1);
    }

    #[tokio::test]
    async fn sleepers_by_a_manual_clock_wake_when_it_is_moved() {
        let clock = ManualClock::new(Timestamp::from_unix_seconds(100));
        clock.sleep_until(Timestamp::from_unix_seconds(100)).await;
        let mut sleep = clock.sleep_until(Timestamp::from_unix_seconds(160));
        let mut is_over = || {
            let context = &mut std::task::Context::from_waker(std::task::Waker::noop());
            sleep.as_mut().poll(context).is_ready()
        };
        assert!(!is_over());
        clock.advance(Duration::from_secs(59));
        assert!(!is_over(), "a second is left");
        clock.set(Timestamp::from_unix_seconds(160));
        assert!(is_over());
    }

    #[tokio::test]
    async fn a_sleeper_is_woken_from_another_thread() {
        let clock = std::sync::Arc::new(ManualClock::new(Timestamp::from_unix_seconds(100)));
        let mover = std::sync::Arc::clone(&clock);
        let sleep = clock.sleep_until(Timestamp::from_unix_seconds(160));
        let thread = std::thread::spawn(move || (0..60).for_each(|_| mover.advance(Duration::from_secs(1))));
        tokio::time::timeout(Duration::from_secs(10), sleep).await.expect("woken");
        thread.join().unwrap();
    }
}
