//! When a token is renewed: a pure function of its life, the last attempt and the time.

use std::time::Duration;

use crate::{backend::single_flight::Attempt, base::time::Timestamp};

/// The longest time before its end that a token is not sent any more: a call needs a while to arrive.
const MAX_MARGIN: Duration = Duration::from_secs(5);

/// From when until when a token is sent, by this machine's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Life {
    /// When it was asked for.
    pub(crate) from: Timestamp,
    pub(crate) renew_at: Timestamp,
    /// When it is not sent any more, a little before its end.
    pub(crate) until: Timestamp,
    /// Its end; `None` for a token without one.
    pub(crate) end: Option<Timestamp>,
}

/// What to do when a token is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plan {
    /// Send the one that is there.
    Use,
    /// Send the one that is there, and renew it behind the call.
    UseAndRenew,
    /// Wait for a new one.
    Fetch,
    /// There is none: try again after this time.
    Unavailable(Duration),
}

impl Life {
    /// The life of a token that has this much of it left; `random`, between 0 and 1, keeps processes that started
    /// together from renewing together.
    ///
    /// It is renewed when a fifth of that is left or up to a tenth more, but not before `min_remaining_ttl`, above which
    /// Clerk would answer with the same token.
    pub(crate) fn new(
        from: Timestamp,
        left: Option<Duration>,
        min_remaining_ttl: Option<Duration>,
        random: f64,
    ) -> Self {
        const NEVER: Timestamp = Timestamp::from_unix_millis(i64::MAX);
        let Some(left) = left else {
            return Self { from, renew_at: NEVER, until: NEVER, end: None };
        };
        let ahead = left.mul_f64(0.2 + random / 10.0).min(min_remaining_ttl.unwrap_or(Duration::MAX));
        let end = from + left;
        Self { from, renew_at: end - ahead, until: end - (left / 20).min(MAX_MARGIN), end: Some(end) }
    }

    pub(crate) fn covers(&self, now: Timestamp) -> bool {
        now < self.until
    }
}

pub(crate) fn plan(life: Option<&Life>, last_attempt: Option<Attempt>, now: Timestamp) -> Plan {
    let wait = last_attempt.and_then(|attempt| attempt.before(now)).map_or(Duration::ZERO, |last| last.wait_left(now));
    match life.filter(|life| life.covers(now)) {
        // A clock that was set back says nothing about how much of its life is left.
        Some(life) if (now >= life.renew_at || now < life.from) && wait.is_zero() => Plan::UseAndRenew,
        Some(_) => Plan::Use,
        None if wait.is_zero() => Plan::Fetch,
        None => Plan::Unavailable(wait),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROM: Timestamp = Timestamp::from_unix_seconds(1_000_000);
    const HOUR: Duration = Duration::from_secs(3600);

    fn at(second: u64) -> Timestamp {
        FROM + Duration::from_secs(second)
    }

    fn life(random: f64) -> Life {
        Life::new(FROM, Some(HOUR), None, random)
    }

    #[test]
    fn a_token_is_renewed_in_the_last_part_of_its_life_and_not_sent_at_its_very_end() {
        assert_eq!((life(0.0).renew_at, life(1.0).renew_at), (at(2880), at(2520)));
        assert_eq!((life(0.0).until, life(0.0).end), (at(3595), Some(at(3600))));
        let short = Life::new(FROM, Some(Duration::from_secs(10)), None, 0.0);
        assert_eq!((short.renew_at, short.until.unix_millis()), (at(8), at(10).unix_millis() - 500));
    }

    #[test]
    fn a_token_that_clerk_would_hand_out_again_is_not_asked_for() {
        let reused = Life::new(FROM, Some(HOUR), Some(Duration::from_secs(240)), 0.0);
        assert_eq!(reused.renew_at, at(3360));
        // The very token came back, a little later than it should: still the next attempt is not at once.
        let again = Life::new(at(3360), Some(Duration::from_secs(240)), Some(Duration::from_secs(240)), 1.0);
        assert_eq!(again.renew_at, at(3528));
    }

    #[test]
    fn a_token_without_an_end_is_never_renewed() {
        let endless = Life::new(FROM, None, None, 0.0);
        assert_eq!(plan(Some(&endless), None, at(u64::from(u32::MAX))), Plan::Use);
    }

    #[test]
    fn nobody_waits_while_a_token_is_good() {
        let failed = |second, wait| Some(Attempt { at: at(second), wait: Some(Duration::from_secs(wait)) });
        let plan_at = |second, last| plan(Some(&life(0.0)), last, at(second));
        assert_eq!(plan_at(0, None), Plan::Use);
        assert_eq!(plan_at(2879, None), Plan::Use);
        assert_eq!(plan_at(2880, None), Plan::UseAndRenew);
        assert_eq!(plan_at(2881, failed(2880, 7)), Plan::Use, "not while the API wants to be left alone");
        assert_eq!(plan_at(2887, failed(2880, 7)), Plan::UseAndRenew);
        assert_eq!(plan_at(3594, failed(3594, 7)), Plan::Use);
        assert_eq!(plan_at(3595, failed(3594, 7)), Plan::Unavailable(Duration::from_secs(6)));
        assert_eq!(plan_at(3601, failed(3594, 7)), Plan::Fetch);
        assert_eq!(plan(None, None, FROM), Plan::Fetch);
    }

    #[test]
    fn a_clock_set_back_neither_stretches_a_wait_nor_trusts_an_age() {
        let later = Life::new(at(7200), Some(HOUR), None, 0.0);
        let failed = Some(Attempt { at: at(7300), wait: Some(HOUR) });
        assert_eq!(plan(Some(&later), failed, at(0)), Plan::UseAndRenew);
        assert_eq!(plan(None, failed, at(0)), Plan::Fetch);
    }
}
