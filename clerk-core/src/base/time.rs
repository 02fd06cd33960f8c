//! [`Timestamp`], which every rule takes as an argument, and [`Clock`], which supplies it.
//!
//! No other file of the crate reads the system clock.

use std::{
    fmt::Debug,
    future::Future,
    pin::{Pin, pin},
    sync::atomic::{AtomicI64, Ordering},
    time::{Duration, SystemTime},
};

#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
pub use clerk_types::OutOfRange;
pub use clerk_types::Timestamp;
#[cfg(any(target_os = "linux", target_os = "android"))]
use nix::time::{ClockId, clock_gettime};
use tokio::sync::Notify;

/// The largest date that Clerk's JavaScript SDK can represent, in seconds: 100 000 000 days after the epoch.
///
/// A token with a later time claim is refused, instead of never expiring.
pub(crate) const MAX_SECONDS: f64 = 8.64e12;

/// Reads a JWT `NumericDate` ([RFC 7519, section 2](https://www.rfc-editor.org/rfc/rfc7519#section-2)). Its fraction is
/// cut off, as in Clerk's own SDK; `None` for a number that is not a date.
pub(crate) fn from_numeric_date(seconds: f64) -> Option<Timestamp> {
    // The range was checked, so the conversion neither saturates nor wraps.
    (seconds.abs() <= MAX_SECONDS).then(|| Timestamp::from_unix_seconds(seconds.trunc() as i64))
}

/// Source of the current time.
///
/// Default: [`SystemClock`]. Tests set a [`ManualClock`] with [`ClerkBuilder::clock`](crate::ClerkBuilder::clock).
pub trait Clock: Debug + Send + Sync + 'static {
    /// The current time.
    fn now(&self) -> Timestamp;

    /// Waits until the clock shows this time; returns at once if it already does.
    ///
    /// The default waits for the difference in real time. The clock may be set back meanwhile, so check it again if the
    /// exact time matters.
    ///
    /// # Panics
    /// The default's future panics outside a Tokio runtime.
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

/// The operating system's clock. On Linux and Android the coarse one: up to 10 ms late, at a quarter of the cost.
///
/// With a [clock skew](crate::ClerkBuilder::clock_skew) below 10 ms, a token could be refused right after it was
/// issued.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        if let Ok(time) = clock_gettime(ClockId::CLOCK_REALTIME_COARSE) {
            return Timestamp::from_unix_millis(time.tv_sec().saturating_mul(1000) + time.tv_nsec() / 1_000_000);
        }
        SystemTime::now().into()
    }
}

/// A clock for tests that only moves when the test moves it.
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
/// A task that [sleeps](Clock::sleep_until) on it wakes only when the clock is moved far enough.
#[derive(Debug)]
pub struct ManualClock {
    now: AtomicI64,
    moved: Notify,
}

impl ManualClock {
    /// A clock that shows `now`.
    #[must_use]
    pub const fn new(now: Timestamp) -> Self {
        Self { now: AtomicI64::new(now.unix_millis()), moved: Notify::const_new() }
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        self.now.fetch_add(millis(by), Ordering::SeqCst);
        self.moved.notify_waiters();
    }

    /// Sets the clock, forward or back.
    pub fn set(&self, now: Timestamp) {
        self.now.store(now.unix_millis(), Ordering::SeqCst);
        self.moved.notify_waiters();
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.now.load(Ordering::SeqCst))
    }

    fn sleep_until(&self, at: Timestamp) -> Sleep<'_> {
        Box::pin(async move {
            loop {
                // Registers before it reads the clock, so that it misses no move.
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

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numeric_dates_lose_their_fraction_and_must_be_in_range() {
        let parsed = |seconds| from_numeric_date(seconds).map(Timestamp::unix_millis);
        assert_eq!(parsed(1.9), Some(1000));
        assert_eq!(parsed(-1.9), Some(-1000));
        assert_eq!(parsed(2_208_988_800.0), Some(2_208_988_800_000), "2040 does not fit 32 bits");
        assert_eq!(parsed(8.64e12), Some(8_640_000_000_000_000));
        for no_date in [8.65e12, 1e300, -1e300, f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            assert_eq!(parsed(no_date), None, "{no_date}");
        }
    }

    #[tokio::test]
    async fn a_sleeper_wakes_when_the_manual_clock_is_moved() {
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
    async fn a_sleeper_wakes_when_another_thread_moves_the_clock() {
        let clock = std::sync::Arc::new(ManualClock::new(Timestamp::from_unix_seconds(100)));
        let mover = std::sync::Arc::clone(&clock);
        let sleep = clock.sleep_until(Timestamp::from_unix_seconds(160));
        let thread = std::thread::spawn(move || (0..60).for_each(|_| mover.advance(Duration::from_secs(1))));
        tokio::time::timeout(Duration::from_secs(10), sleep).await.expect("woken");
        thread.join().unwrap();
    }
}
