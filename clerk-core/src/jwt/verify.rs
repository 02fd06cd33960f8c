//! The claims of a session token judged against an injected "now", after its signature was found good.

use std::time::Duration;

use super::{
    error::{TokenError, TokenErrorKind},
    key::VerifyingKey,
    raw::{Member, SignedToken},
};
use crate::{
    auth::Session,
    claims::{self, Claims, lenient::Date},
    config::Rules,
    time::Timestamp,
};

/// The `cat` header of a session token.
const SESSION_CATEGORY: &str = "cl_B7d4PD111AAA";

/// Verifies a session token with the key that was found for it: signature first, claims after.
pub(crate) fn session_token(
    token: &str,
    signed: &SignedToken<'_>,
    key: &VerifyingKey,
    rules: &Rules,
    now: Timestamp,
) -> Result<Session, TokenError> {
    let payload = signed.verify(key)?;
    let claims = Claims::parse(&payload)?;
    header(signed)?;
    times(&claims, rules.clock_skew, now)?;
    parties(&claims, rules)?;
    claims::session(&claims, token, &payload)
}

/// `typ` is `JWT` or absent, and `cat` is a session's or absent.
fn header(signed: &SignedToken<'_>) -> Result<(), TokenError> {
    match &signed.header.typ {
        Member::Absent => {}
        Member::Text(typ) if typ == "JWT" => {}
        _ => return Err(TokenErrorKind::Type.into()),
    }
    match &signed.header.cat {
        Member::Absent => Ok(()),
        Member::Text(category) if category == SESSION_CATEGORY => Ok(()),
        _ => Err(TokenErrorKind::Category.into()),
    }
}

/// `exp` is required; `nbf` and `iat` count when they are there.
fn times(claims: &Claims<'_>, skew: Duration, now: Timestamp) -> Result<(), TokenError> {
    match claims.exp {
        Date::At(exp) if exp > now - skew => {}
        Date::At(_) => return Err(TokenErrorKind::Expired.into()),
        Date::Absent | Date::Invalid => return Err(TokenErrorKind::Claims.into()),
    }
    for (claim, early) in [(claims.nbf, TokenErrorKind::NotActiveYet), (claims.iat, TokenErrorKind::IssuedInTheFuture)]
    {
        match claim {
            Date::Absent => {}
            Date::At(at) if at <= now + skew => {}
            Date::At(_) => return Err(early.into()),
            Date::Invalid => return Err(TokenErrorKind::Claims.into()),
        }
    }
    Ok(())
}

/// `iss`, `azp` and `aud`: issued by our instance, to one of our sites, for us.
fn parties(claims: &Claims<'_>, rules: &Rules) -> Result<(), TokenError> {
    let among = |list: &[Box<str>], text: Option<&str>| text.is_some_and(|text| list.iter().any(|one| **one == *text));
    if rules.issuers.as_deref().is_some_and(|issuers| !among(issuers, claims.iss.as_deref())) {
        return Err(TokenErrorKind::Issuer.into());
    }
    if rules.authorized_parties.as_deref().is_some_and(|parties| !among(parties, claims.azp.as_deref())) {
        return Err(TokenErrorKind::AuthorizedParties.into());
    }
    if let Some(audiences) = rules.audiences.as_deref()
        && !claims.aud.iter().flatten().any(|aud| among(audiences, Some(aud)))
    {
        return Err(TokenErrorKind::Audience.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(json: &str, now_ms: i64) -> Result<(), TokenErrorKind> {
        let claims = Claims::parse(json.as_bytes()).unwrap();
        times(&claims, Duration::from_secs(5), Timestamp::from_unix_millis(now_ms)).map_err(|error| error.kind())
    }

    #[test]
    fn expiry_is_exact_to_the_millisecond() {
        assert_eq!(judge(r#"{"exp":100}"#, 104_999), Ok(()));
        assert_eq!(judge(r#"{"exp":100}"#, 105_000), Err(TokenErrorKind::Expired));
        assert_eq!(judge(r#"{"exp":100.9}"#, 105_000), Err(TokenErrorKind::Expired));
        assert_eq!(judge(r#"{"exp":2208988800}"#, 0), Ok(()));
    }

    #[test]
    fn beginnings_are_exact_to_the_millisecond() {
        for (claim, early) in [("nbf", TokenErrorKind::NotActiveYet), ("iat", TokenErrorKind::IssuedInTheFuture)] {
            let json = format!(r#"{{"exp":1000,"{claim}":100}}"#);
            assert_eq!(judge(&json, 95_000), Ok(()));
            assert_eq!(judge(&json, 94_999), Err(early));
        }
    }

    #[test]
    fn dates_that_are_none_are_refused() {
        for json in [
            r#"{}"#,
            r#"{"exp":"100"}"#,
            r#"{"exp":null}"#,
            r#"{"exp":1e300}"#,
            r#"{"exp":1000,"nbf":"1"}"#,
            r#"{"exp":1000,"iat":[1]}"#,
        ] {
            assert_eq!(judge(json, 0), Err(TokenErrorKind::Claims), "{json}");
        }
    }
}
