//! The claims of a token, checked against the rules and a given time once its signature is verified.

use std::time::Duration;

use super::{
    ClaimsAsOf, TokenRules,
    claims::{
        Claims,
        lenient::{Date, Party},
    },
    error::{TokenError, TokenErrorKind},
    profile::JwtProfile,
    rules::ClockSkew,
};
use crate::base::time::{self, Timestamp};

/// The time span in which a token is valid, with the leeway applied. A cached token is checked against it on each use.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Validity {
    /// The first millisecond at which the token has expired; an error if the token is never valid.
    ends: Result<i64, TokenErrorKind>,
    /// The first millisecond at which its claims are too old.
    claims_end: i64,
    /// For `nbf` and `iat`: the first millisecond at which the token is valid, and the error before it.
    begins: [(i64, TokenErrorKind); 2],
}

impl Validity {
    /// From the claims: `exp` is required, `nbf` and `iat` are optional.
    pub(crate) fn of(
        claims: &Claims<'_>,
        as_of: ClaimsAsOf,
        max_claims_age: Option<Duration>,
        skew: ClockSkew,
    ) -> Self {
        let claims_end = max_claims_age.map_or(i64::MAX, |age| as_of.too_old_from(age, skew).unix_millis());
        Self { claims_end, ..Self::from_dates(claims.exp, claims.nbf, claims.iat, skew) }
    }

    /// From the dates of a token.
    pub(crate) fn from_dates(exp: Date, nbf: Date, iat: Date, skew: ClockSkew) -> Self {
        let invalid = Err(TokenErrorKind::Claims);
        let mut validity = Self {
            ends: match exp {
                Date::At(exp) => Ok(shift(exp, skew.exp_leeway)),
                Date::Absent | Date::Invalid => invalid,
            },
            claims_end: i64::MAX,
            begins: [(i64::MIN, TokenErrorKind::NotActiveYet), (i64::MIN, TokenErrorKind::IssuedInTheFuture)],
        };
        for (claim, (begin, _)) in [nbf, iat].into_iter().zip(&mut validity.begins) {
            match claim {
                Date::Absent => {}
                Date::At(at) => *begin = shift(at, skew.nbf_leeway),
                // Not an error yet: "expired" takes precedence.
                Date::Invalid => *begin = i64::MAX,
            }
        }
        validity
    }

    /// Checks that the token is valid at this time.
    pub(crate) fn check(&self, now: Timestamp) -> Result<(), TokenErrorKind> {
        let now = now.unix_millis();
        if now >= self.ends? {
            return Err(TokenErrorKind::Expired);
        }
        if now >= self.claims_end {
            return Err(TokenErrorKind::ClaimsTooOld);
        }
        match self.begins.iter().find(|(begin, _)| now < *begin) {
            None => Ok(()),
            Some((i64::MAX, _)) => Err(TokenErrorKind::Claims),
            Some((_, early)) => Err(*early),
        }
    }

    /// The first millisecond at which the token is no longer accepted.
    pub(crate) fn ends(&self) -> i64 {
        self.ends.unwrap_or(i64::MIN + 1).min(self.claims_end)
    }
}

/// Checks the verified claims of a token: `sub`, then the parties, then the dates.
pub(super) fn check_claims(
    claims: &Claims<'_>,
    as_of: ClaimsAsOf,
    profile: JwtProfile,
    rules: &TokenRules,
    skew: ClockSkew,
    now: Timestamp,
) -> Result<(), TokenError> {
    if claims.sub.is_none() {
        return Err(TokenErrorKind::Claims.into());
    }
    check_parties(claims, profile, rules)?;
    let max_claims_age = rules.max_claims_age.filter(|_| is_session(profile));
    Ok(Validity::of(claims, as_of, max_claims_age, skew).check(now)?)
}

/// Checks `aud` (meant for this service), `azp` (issued to one of its sites) and `iss` (issued by its instance).
fn check_parties(claims: &Claims<'_>, profile: JwtProfile, rules: &TokenRules) -> Result<(), TokenError> {
    let among = |list: &[Box<str>], text: Option<&str>| text.is_some_and(|text| list.iter().any(|one| **one == *text));
    if let Some(audiences) = rules.audiences.as_deref() {
        let named = claims.aud.as_deref().unwrap_or_default();
        // Clerk's session tokens have no `aud`, unless the instance is configured to add one.
        let excused =
            named.iter().all(|aud| aud.is_empty()) && rules.audience_optional && profile != JwtProfile::OAuthAccess;
        // As Clerk's own SDK: a blank entry makes an OAuth token's audience invalid.
        let blank = profile == JwtProfile::OAuthAccess && named.iter().any(|aud| aud.is_empty());
        if blank || (!excused && !named.iter().any(|aud| among(audiences, Some(aud)))) {
            return Err(TokenErrorKind::Audience.into());
        }
    }
    // `azp` is the origin of a browser, so only these have one.
    if rules.has_parties() && is_session(profile) {
        match &claims.azp {
            Party::Absent if rules.party_optional => {}
            Party::Absent => return Err(TokenErrorKind::AuthorizedPartyMissing.into()),
            azp if azp.text().is_some_and(|azp| rules.accepts_party(azp)) => {}
            _ => return Err(TokenErrorKind::AuthorizedParties.into()),
        }
    }
    if rules.issuers.as_deref().is_some_and(|issuers| !among(issuers, claims.iss.text())) {
        return Err(TokenErrorKind::Issuer.into());
    }
    Ok(())
}

const fn is_session(profile: JwtProfile) -> bool {
    matches!(profile, JwtProfile::Session | JwtProfile::Template)
}

/// A `NumericDate` in milliseconds, its fraction of a second cut off, plus `by` milliseconds.
fn shift(seconds: f64, by: i64) -> i64 {
    // The caller has rejected invalid dates; i64::MIN and i64::MAX have a special meaning in `Validity`.
    let at = time::from_numeric_date(seconds).map_or(i64::MIN, Timestamp::unix_millis);
    at.saturating_add(by).clamp(i64::MIN + 1, i64::MAX - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::header::Header;

    fn check_dates(json: &str, now_ms: i64) -> Result<(), TokenErrorKind> {
        let claims = Claims::parse(json).unwrap();
        let now = Timestamp::from_unix_millis(now_ms);
        let as_of = ClaimsAsOf::of(&claims, &Header::default());
        Validity::of(&claims, as_of, None, ClockSkew::default()).check(now)
    }

    #[test]
    fn expiry_is_exact_to_the_millisecond() {
        assert_eq!(check_dates(r#"{"exp":100}"#, 104_999), Ok(()));
        assert_eq!(check_dates(r#"{"exp":100}"#, 105_000), Err(TokenErrorKind::Expired));
        assert_eq!(check_dates(r#"{"exp":100.9}"#, 105_000), Err(TokenErrorKind::Expired));
        assert_eq!(check_dates(r#"{"exp":2208988800}"#, 0), Ok(()));
    }

    #[test]
    fn beginnings_are_exact_to_the_millisecond() {
        for (claim, early) in [("nbf", TokenErrorKind::NotActiveYet), ("iat", TokenErrorKind::IssuedInTheFuture)] {
            let json = format!(r#"{{"exp":1000,"{claim}":100}}"#);
            assert_eq!(check_dates(&json, 95_000), Ok(()));
            assert_eq!(check_dates(&json, 94_999), Err(early));
        }
    }

    #[test]
    fn invalid_dates_are_refused() {
        for json in [
            r#"{}"#,
            r#"{"exp":"100"}"#,
            r#"{"exp":null}"#,
            r#"{"exp":1e300}"#,
            r#"{"exp":1000,"nbf":"1"}"#,
            r#"{"exp":1000,"iat":[1]}"#,
        ] {
            assert_eq!(check_dates(json, 0), Err(TokenErrorKind::Claims), "{json}");
        }
    }
}
