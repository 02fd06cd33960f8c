//! [`TimeTravel`]: the clock of an instance, which can be moved forward.

use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use clerk_core::time::{Clock, Sleep, Timestamp};
use tokio::sync::Notify;

/// A clock that can be moved ahead of another.
#[derive(Debug)]
pub(crate) struct TimeTravel {
    base: Arc<dyn Clock>,
    /// In milliseconds.
    ahead: AtomicI64,
    moved: Notify,
}

impl TimeTravel {
    pub(crate) fn new(base: Arc<dyn Clock>) -> Self {
        Self { base, ahead: AtomicI64::new(0), moved: Notify::new() }
    }

    pub(crate) fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        let _ = self.ahead.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |ahead| Some(ahead.saturating_add(by)));
        self.moved.notify_waiters();
    }

    fn ahead(&self) -> Duration {
        Duration::from_millis(self.ahead.load(Ordering::SeqCst).unsigned_abs())
    }
}

impl Clock for TimeTravel {
    fn now(&self) -> Timestamp {
        self.base.now() + self.ahead()
    }

    fn sleep_until(&self, at: Timestamp) -> Sleep<'_> {
        Box::pin(async move {
            loop {
                // Subscribes before it checks the time, so that it misses no move.
                let mut moved = pin!(self.moved.notified());
                moved.as_mut().enable();
                if self.now() >= at {
                    return;
                }
                tokio::select! {
                    () = moved => {}
                    () = self.base.sleep_until(at - self.ahead()) => {}
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use clerk_core::time::{ManualClock, SystemClock};

    use super::*;

    #[tokio::test]
    async fn a_sleeper_wakes_when_the_clock_is_moved() {
        let clock = Arc::new(TimeTravel::new(Arc::new(SystemClock)));
        let sleeper = Arc::clone(&clock);
        let at = clock.now() + Duration::from_secs(3600);
        let slept = tokio::spawn(async move { sleeper.sleep_until(at).await });
        tokio::task::yield_now().await;
        clock.advance(Duration::from_secs(3599));
        tokio::task::yield_now().await;
        assert!(!slept.is_finished());
        clock.advance(Duration::from_secs(1));
        slept.await.unwrap();
    }

    #[test]
    fn the_clock_behind_goes_on() {
        let base = Arc::new(ManualClock::new(Timestamp::from_unix_seconds(10)));
        let clock = TimeTravel::new(Arc::<ManualClock>::clone(&base));
        clock.advance(Duration::from_secs(5));
        base.advance(Duration::from_secs(1));
        assert_eq!(clock.now().unix_seconds(), 16);
        clock.advance(Duration::MAX);
        assert!(clock.now().unix_seconds() > 16);
    }
}
