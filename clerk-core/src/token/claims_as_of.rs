//! [`ClaimsAsOf`]: when a token's claims were read from Clerk's database.
//!
//! Clerk's edge renews a session token without its database: the new token has a fresh `iat`, but the claims of the
//! token before it. The header parameter `oiat` (original issued at) says when these were read, and the edge copies it
//! too ([clerk/javascript #8107](https://github.com/clerk/javascript/pull/8107)). So `iat` says how old a token is, and
//! this type says how old its claims are: every rule about what has changed since must ask this one.

use std::time::Duration;

use super::{
    claims::{Claims, lenient::Date},
    header::Header,
    rules::ClockSkew,
};
use crate::base::time::{self, Timestamp};

/// When a token's claims were read from Clerk's database: the earlier of `iat` and `oiat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClaimsAsOf {
    /// `None` when the token does not say, or not in a valid form: then the claims count as older than anything.
    pub(crate) at: Option<Timestamp>,
    /// By how much the claims are older than the token; `None` when that is unknown.
    pub(crate) older_than_token: Option<Duration>,
}

impl ClaimsAsOf {
    pub(crate) fn of(claims: &Claims<'_>, header: &Header) -> Self {
        let timestamp = |date| match date {
            Date::At(seconds) => time::from_numeric_date(seconds),
            Date::Absent | Date::Invalid => None,
        };
        let issued_at = timestamp(claims.iat);
        if header.original_issued_at == Date::Absent {
            return Self { at: issued_at, older_than_token: Some(Duration::ZERO) };
        }
        let both = issued_at.zip(timestamp(header.original_issued_at));
        Self {
            at: both.map(|(issued_at, original)| issued_at.min(original)),
            older_than_token: both.map(|(issued_at, original)| issued_at.since(original)),
        }
    }

    /// The first millisecond at which the claims are older than this.
    pub(super) fn too_old_from(self, max_age: Duration, skew: ClockSkew) -> Timestamp {
        self.at.map_or(Timestamp::from_unix_millis(i64::MIN), |at| skew.rejected_from(at + max_age))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims_as_of(claims: &str, header: &str) -> (Option<i64>, Option<u64>) {
        let (claims, header) = (Claims::parse(claims).unwrap(), Header::parse(header).unwrap());
        let ClaimsAsOf { at, older_than_token } = ClaimsAsOf::of(&claims, &header);
        (at.map(|at| at.unix_millis() / 1000), older_than_token.map(|age| age.as_secs()))
    }

    #[test]
    fn the_earlier_of_iat_and_oiat_counts() {
        for (claims, header, expected) in [
            (r#"{"iat":100}"#, "{}", (Some(100), Some(0))),
            (r#"{"iat":100}"#, r#"{"oiat":100}"#, (Some(100), Some(0))),
            (r#"{"iat":100}"#, r#"{"oiat":40}"#, (Some(40), Some(60))),
            (r#"{"iat":100}"#, r#"{"oiat":40.9}"#, (Some(40), Some(60))),
            (r#"{"iat":100}"#, r#"{"oiat":140}"#, (Some(100), Some(0))),
            // Not the next second, as serde_json reads it without its feature float_roundtrip.
            (r#"{"iat":998888888.9999999}"#, "{}", (Some(998_888_888), Some(0))),
            ("{}", "{}", (None, Some(0))),
        ] {
            assert_eq!(claims_as_of(claims, header), expected, "{claims} {header}");
        }
    }

    #[test]
    fn an_age_that_cannot_be_read_is_unknown() {
        for (claims, header) in [
            (r#"{"iat":100}"#, r#"{"oiat":"40"}"#),
            (r#"{"iat":100}"#, r#"{"oiat":null}"#),
            (r#"{"iat":100}"#, r#"{"oiat":[40]}"#),
            (r#"{"iat":100}"#, r#"{"oiat":1e300}"#),
            (r#"{"iat":"100"}"#, r#"{"oiat":40}"#),
            ("{}", r#"{"oiat":40}"#),
        ] {
            assert_eq!(claims_as_of(claims, header), (None, None), "{claims} {header}");
        }
    }
}
