//! When a token is renewed: a pure function of its lifetime, the last attempt and the time.

use std::time::Duration;

use clerk_core::{internal::Attempt, time::Timestamp};

/// The longest time before its expiry in which a token is no longer sent, because a call takes time to arrive.
const MAX_MARGIN: Duration = Duration::from_secs(5);

/// The lifetime of a token, by this machine's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TokenLifetime {
    /// When it was requested.
    pub(crate) requested_at: Timestamp,
    pub(crate) renew_at: Timestamp,
    /// When it is no longer sent: shortly before its expiry.
    pub(crate) send_until: Timestamp,
    /// Its expiry; `None` for a token without one.
    pub(crate) expires_at: Option<Timestamp>,
}

/// What to do when a caller needs a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenAction {
    /// Use the current token.
    Use,
    /// Use the current token, and renew it in the background.
    UseAndRenew,
    /// Wait for a new one.
    Fetch,
    /// There is no token, and the next attempt is only allowed after this time.
    Unavailable(Duration),
}

impl TokenLifetime {
    /// The lifetime of a token that has `left` until its expiry. `random`, between 0 and 1, prevents processes that started
    /// together from renewing together.
    ///
    /// The token is renewed when 20 to 30 % of `left` remains, but not while more than `min_remaining_ttl` remains, because
    /// Clerk would return the same token.
    pub(crate) fn new(
        requested_at: Timestamp,
        left: Option<Duration>,
        min_remaining_ttl: Option<Duration>,
        random: f64,
    ) -> Self {
        const NEVER: Timestamp = Timestamp::from_unix_millis(i64::MAX);
        let Some(left) = left else {
            return Self { requested_at, renew_at: NEVER, send_until: NEVER, expires_at: None };
        };
        let ahead = left.mul_f64(0.2 + random / 10.0).min(min_remaining_ttl.unwrap_or(Duration::MAX));
        let expires_at = requested_at + left;
        Self {
            requested_at,
            renew_at: expires_at - ahead,
            send_until: expires_at - (left / 20).min(MAX_MARGIN),
            expires_at: Some(expires_at),
        }
    }

    /// Whether the token may be sent now.
    pub(crate) fn includes(&self, now: Timestamp) -> bool {
        now < self.send_until
    }
}

/// Decides what to do when a caller needs a token.
pub(crate) fn choose_action(
    lifetime: Option<&TokenLifetime>,
    last_attempt: Option<Attempt>,
    now: Timestamp,
) -> TokenAction {
    let wait = last_attempt.and_then(|attempt| attempt.before(now)).map_or(Duration::ZERO, |last| last.wait_left(now));
    match lifetime.filter(|lifetime| lifetime.includes(now)) {
        // After the clock was set back, the remaining lifetime is unknown.
        Some(lifetime) if (now >= lifetime.renew_at || now < lifetime.requested_at) && wait.is_zero() => {
            TokenAction::UseAndRenew
        }
        Some(_) => TokenAction::Use,
        None if wait.is_zero() => TokenAction::Fetch,
        None => TokenAction::Unavailable(wait),
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

    fn lifetime(random: f64) -> TokenLifetime {
        TokenLifetime::new(FROM, Some(HOUR), None, random)
    }

    #[test]
    fn a_token_is_renewed_before_its_expiry_and_not_sent_just_before_it() {
        assert_eq!((lifetime(0.0).renew_at, lifetime(1.0).renew_at), (at(2880), at(2520)));
        assert_eq!((lifetime(0.0).send_until, lifetime(0.0).expires_at), (at(3595), Some(at(3600))));
        let short = TokenLifetime::new(FROM, Some(Duration::from_secs(10)), None, 0.0);
        assert_eq!((short.renew_at, short.send_until.unix_millis()), (at(8), at(10).unix_millis() - 500));
    }

    #[test]
    fn a_token_that_clerk_would_return_again_is_not_requested() {
        let reused = TokenLifetime::new(FROM, Some(HOUR), Some(Duration::from_secs(240)), 0.0);
        assert_eq!(reused.renew_at, at(3360));
        // Clerk returned the same token late. The next attempt still waits.
        let again = TokenLifetime::new(at(3360), Some(Duration::from_secs(240)), Some(Duration::from_secs(240)), 1.0);
        assert_eq!(again.renew_at, at(3528));
    }

    #[test]
    fn a_token_without_an_expiry_is_never_renewed() {
        let endless = TokenLifetime::new(FROM, None, None, 0.0);
        assert_eq!(choose_action(Some(&endless), None, at(u64::from(u32::MAX))), TokenAction::Use);
    }

    #[test]
    fn callers_do_not_wait_while_a_token_is_valid() {
        let failed = |second, wait| Some(Attempt { at: at(second), wait: Some(Duration::from_secs(wait)) });
        let plan_at = |second, last| choose_action(Some(&lifetime(0.0)), last, at(second));
        assert_eq!(plan_at(0, None), TokenAction::Use);
        assert_eq!(plan_at(2879, None), TokenAction::Use);
        assert_eq!(plan_at(2880, None), TokenAction::UseAndRenew);
        assert_eq!(plan_at(2881, failed(2880, 7)), TokenAction::Use, "not during the back-off");
        assert_eq!(plan_at(2887, failed(2880, 7)), TokenAction::UseAndRenew);
        assert_eq!(plan_at(3594, failed(3594, 7)), TokenAction::Use);
        assert_eq!(plan_at(3595, failed(3594, 7)), TokenAction::Unavailable(Duration::from_secs(6)));
        assert_eq!(plan_at(3601, failed(3594, 7)), TokenAction::Fetch);
        assert_eq!(choose_action(None, None, FROM), TokenAction::Fetch);
    }

    #[test]
    fn a_clock_that_is_set_back_neither_extends_a_wait_nor_a_lifetime() {
        let later = TokenLifetime::new(at(7200), Some(HOUR), None, 0.0);
        let failed = Some(Attempt { at: at(7300), wait: Some(HOUR) });
        assert_eq!(choose_action(Some(&later), failed, at(0)), TokenAction::UseAndRenew);
        assert_eq!(choose_action(None, failed, at(0)), TokenAction::Fetch);
    }
}
