//! The claims of a token judged against an injected "now", after its signature was found good.

use super::{
    category::Category,
    error::{TokenError, TokenErrorKind},
    raw::{Member, SignedToken},
};
use crate::{
    claims::{Claims, lenient::Date},
    config::{Rules, rules::ClockSkew},
    time::Timestamp,
};

/// What a token must be besides well signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A session token, or with an odd category none at all.
    Session,
    /// A machine's token about itself.
    Machine,
    /// An access token of an OAuth application ([RFC 9068](https://www.rfc-editor.org/rfc/rfc9068)).
    OAuthAccess,
    /// Any token of the instance but a machine's, such as one that a JWT template produced.
    Template,
}

/// Judges the claims of a token whose header and signature were found good.
pub(super) fn claims(
    claims: &Claims<'_>,
    kind: Kind,
    rules: &Rules,
    skew: ClockSkew,
    now: Timestamp,
) -> Result<(), TokenError> {
    if claims.sub.is_none() {
        return Err(TokenErrorKind::Claims.into());
    }
    parties(claims, kind, rules)?;
    Times::of(claims).judge(skew, now)
}

/// `typ` and `cat` are those of the token's kind, or absent where Clerk leaves them out.
pub(super) fn header(signed: &SignedToken<'_>, kind: Kind, rules: &Rules) -> Result<(), TokenError> {
    let listed = rules.token_types.as_deref().filter(|_| matches!(kind, Kind::Session | Kind::Template));
    let typ_fits = match (&signed.header.typ, kind) {
        (Member::Text(typ), _) if listed.is_some() => listed.into_iter().flatten().any(|one| **one == **typ),
        (Member::Absent, _) if listed.is_some() => false,
        (Member::Text(typ), Kind::OAuthAccess) => matches!(&**typ, "at+jwt" | "application/at+jwt"),
        (Member::Text(typ), _) => typ == "JWT",
        (Member::Absent, _) => kind != Kind::OAuthAccess,
        (Member::Other, _) => false,
    };
    if !typ_fits {
        return Err(TokenErrorKind::Type.into());
    }
    let category = Category::of(&signed.header.cat);
    let category_fits = match kind {
        Kind::Session => category.may_be_session(),
        Kind::Machine => category.may_be_machine(),
        // Its `typ` says what it is.
        Kind::OAuthAccess => true,
        Kind::Template => category != Category::Machine,
    };
    if category_fits { Ok(()) } else { Err(TokenErrorKind::Category.into()) }
}

/// The claims that are judged anew each time that a token is seen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times {
    exp: Date,
    nbf: Date,
    iat: Date,
}

impl Times {
    pub(crate) const fn of(claims: &Claims<'_>) -> Self {
        Self { exp: claims.exp, nbf: claims.nbf, iat: claims.iat }
    }

    /// Whether `exp` has passed.
    pub(crate) fn are_over(&self, skew: ClockSkew, now: Timestamp) -> bool {
        !matches!(self.exp, Date::At(exp) if at(exp) > nanoseconds(now) - skew.0)
    }

    /// `exp` is required; `nbf` and `iat` count when they are there.
    pub(crate) fn judge(&self, skew: ClockSkew, now: Timestamp) -> Result<(), TokenError> {
        // Nanoseconds, so that a skew of less than a millisecond is not cut off.
        let (now, ClockSkew(skew)) = (nanoseconds(now), skew);
        match self.exp {
            Date::At(exp) if at(exp) > now - skew => {}
            Date::At(_) => return Err(TokenErrorKind::Expired.into()),
            Date::Absent | Date::Invalid => return Err(TokenErrorKind::Claims.into()),
        }
        for (claim, early) in [(self.nbf, TokenErrorKind::NotActiveYet), (self.iat, TokenErrorKind::IssuedInTheFuture)]
        {
            match claim {
                Date::Absent => {}
                Date::At(begin) if at(begin) <= now + skew => {}
                Date::At(_) => return Err(early.into()),
                Date::Invalid => return Err(TokenErrorKind::Claims.into()),
            }
        }
        Ok(())
    }
}

fn nanoseconds(at: Timestamp) -> i128 {
    i128::from(at.unix_millis()) * 1_000_000
}

/// A `NumericDate`, its fraction cut off.
fn at(seconds: f64) -> i128 {
    // No date beyond the largest one was let in, and what is none lies at neither end of time.
    Timestamp::from_numeric_date(seconds).map_or(i128::MIN / 2, nanoseconds)
}

/// `aud`, `azp` and `iss`: for us, issued to one of our sites, by our instance.
fn parties(claims: &Claims<'_>, kind: Kind, rules: &Rules) -> Result<(), TokenError> {
    let among = |list: &[Box<str>], text: Option<&str>| text.is_some_and(|text| list.iter().any(|one| **one == *text));
    if let Some(audiences) = rules.audiences.as_deref() {
        let named = claims.aud.as_deref().unwrap_or_default();
        // Clerk's session tokens have no audience unless the instance is told to add one.
        let excused = named.iter().all(|aud| aud.is_empty()) && rules.audience_optional && kind != Kind::OAuthAccess;
        if !excused && !named.iter().any(|aud| among(audiences, Some(aud))) {
            return Err(TokenErrorKind::Audience.into());
        }
    }
    // Only browsers have an origin that a token can be issued to.
    let browser = matches!(kind, Kind::Session | Kind::Template);
    if browser && rules.authorized_parties.as_deref().is_some_and(|parties| !among(parties, claims.azp.as_deref())) {
        return Err(TokenErrorKind::AuthorizedParties.into());
    }
    if rules.issuers.as_deref().is_some_and(|issuers| !among(issuers, claims.iss.text())) {
        return Err(TokenErrorKind::Issuer.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(json: &str, now_ms: i64) -> Result<(), TokenErrorKind> {
        let claims = Claims::parse(json.as_bytes()).unwrap();
        let now = Timestamp::from_unix_millis(now_ms);
        Times::of(&claims).judge(ClockSkew::default(), now).map_err(|error| error.kind())
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
