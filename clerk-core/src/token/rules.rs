//! [`TokenRules`] and [`ClockSkew`]: the validated settings for checking claims.

use std::{fmt, sync::Arc, time::Duration};

use crate::base::time::Timestamp;

/// Tolerated clock difference, in milliseconds. `exp` and `nbf` both name the first millisecond of a state (expired,
/// valid), so a fraction of a millisecond rounds up for `exp` and down for `nbf`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClockSkew {
    pub(crate) exp_leeway: i64,
    pub(crate) nbf_leeway: i64,
}

impl ClockSkew {
    pub(crate) fn from_milliseconds(milliseconds: f64) -> Self {
        // The cast saturates.
        Self::from_nanoseconds((milliseconds * 1_000_000.0) as i128)
    }

    fn from_nanoseconds(nanoseconds: i128) -> Self {
        let first_millisecond = |nanoseconds: i128| {
            let milliseconds = -(-nanoseconds).div_euclid(1_000_000);
            milliseconds.clamp(i64::MIN.into(), i64::MAX.into()) as i64
        };
        // i128::MIN has no negation.
        let nanoseconds = nanoseconds.max(-i128::MAX);
        Self { exp_leeway: first_millisecond(nanoseconds), nbf_leeway: first_millisecond(-nanoseconds) }
    }

    /// The first millisecond at which a token with this expiration is refused.
    pub(crate) fn rejected_from(self, expiration: Timestamp) -> Timestamp {
        Timestamp::from_unix_millis(expiration.unix_millis().saturating_add(self.exp_leeway))
    }

    /// The last moment at which something with this expiration is valid by every clock within the skew.
    pub(crate) fn surely_valid_until(self, expiration: Timestamp) -> Timestamp {
        Timestamp::from_unix_millis(expiration.unix_millis().saturating_add(self.nbf_leeway))
    }
}

impl Default for ClockSkew {
    fn default() -> Self {
        Self::from(Duration::from_secs(5))
    }
}

impl From<Duration> for ClockSkew {
    fn from(skew: Duration) -> Self {
        Self::from_nanoseconds(i128::try_from(skew.as_nanos()).unwrap_or(i128::MAX))
    }
}

/// The application's own rule about `azp`.
#[derive(Clone)]
pub(crate) struct PartyCheck(pub(crate) Arc<dyn Fn(&str) -> bool + Send + Sync>);

impl fmt::Debug for PartyCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PartyCheck")
    }
}

/// Settings for checking claims, parsed when the `Clerk` is built.
#[derive(Debug, Clone)]
pub(crate) struct TokenRules {
    /// Default: 5 s, as in Clerk's own SDK.
    pub(crate) clock_skew: ClockSkew,
    /// How old the claims of a session token may be; `None` accepts any age.
    pub(crate) max_claims_age: Option<Duration>,
    /// Accepted `iss`; `None` accepts any.
    pub(crate) issuers: Option<Box<[Box<str>]>>,
    /// Accepted `azp`; `None` accepts any.
    pub(crate) authorized_parties: Option<Box<[Box<str>]>>,
    /// Accepts further `azp`.
    pub(crate) party_check: Option<PartyCheck>,
    /// Whether to accept a token without `azp` although authorized parties are configured.
    pub(crate) party_optional: bool,
    /// Accepted `aud`; `None` accepts any.
    pub(crate) audiences: Option<Box<[Box<str>]>>,
    /// Whether to accept a token without `aud` although audiences are configured.
    pub(crate) audience_optional: bool,
    /// Accepted `typ` of a session token; `None` accepts `JWT` and a missing `typ`.
    pub(crate) token_types: Option<Box<[Box<str>]>>,
}

impl TokenRules {
    /// Whether only tokens for some parties are accepted.
    pub(crate) const fn has_parties(&self) -> bool {
        self.authorized_parties.is_some() || self.party_check.is_some()
    }

    /// Whether tokens for this party are accepted.
    pub(crate) fn accepts_party(&self, azp: &str) -> bool {
        self.authorized_parties.iter().flatten().any(|party| **party == *azp)
            || self.party_check.as_ref().is_some_and(|PartyCheck(check)| check(azp))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expiry_with_leeway_is_exact_to_the_millisecond() {
        let rejected_from =
            |skew: ClockSkew, seconds| skew.rejected_from(Timestamp::from_unix_seconds(seconds)).unix_millis();
        assert_eq!(rejected_from(ClockSkew::default(), 100), 105_000);
        assert_eq!(rejected_from(ClockSkew::from_milliseconds(0.5), 100), 100_001);
        assert_eq!(rejected_from(ClockSkew::from_milliseconds(-0.5), 100), 100_000);
        assert_eq!(rejected_from(Duration::MAX.into(), 100), i64::MAX);
        assert_eq!(rejected_from(ClockSkew::default(), i64::MIN), i64::MIN + 5000);
    }
}
