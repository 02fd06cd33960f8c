//! The claims of a token judged against an injected "now", after its signature was found good.

use super::{
    TokenRules,
    category::Category,
    claims::{Claims, lenient::Date},
    error::{TokenError, TokenErrorKind},
    header::HeaderParam,
    jws::SignedToken,
    rules::ClockSkew,
};
use crate::base::time::Timestamp;

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
pub(crate) fn claims(
    claims: &Claims<'_>,
    kind: Kind,
    rules: &TokenRules,
    skew: ClockSkew,
    now: Timestamp,
) -> Result<(), TokenError> {
    if claims.sub.is_none() {
        return Err(TokenErrorKind::Claims.into());
    }
    parties(claims, kind, rules)?;
    Ok(Validity::of(claims, skew).check(now)?)
}

/// `typ` and `cat` are those of the token's kind, or absent where Clerk leaves them out.
pub(crate) fn header(signed: &SignedToken<'_>, kind: Kind, rules: &TokenRules) -> Result<(), TokenError> {
    let listed = rules.token_types.as_deref().filter(|_| matches!(kind, Kind::Session | Kind::Template));
    let typ_fits = match (&signed.header.typ, kind) {
        (HeaderParam::Text(typ), _) if listed.is_some() => listed.into_iter().flatten().any(|one| **one == **typ),
        (HeaderParam::Absent, _) if listed.is_some() => false,
        (HeaderParam::Text(typ), Kind::OAuthAccess) => matches!(&**typ, "at+jwt" | "application/at+jwt"),
        (HeaderParam::Text(typ), _) => typ == "JWT",
        (HeaderParam::Absent, _) => kind != Kind::OAuthAccess,
        (HeaderParam::NotText, _) => false,
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

/// When a token is valid, for somebody who allows some skew: judged anew each time that the token is seen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Validity {
    /// The first millisecond that is too late; an error when the token never is valid.
    ends: Result<i64, TokenErrorKind>,
    /// The first millisecond of each beginning, with what is wrong before it.
    begins: [(i64, TokenErrorKind); 2],
}

impl Validity {
    /// `exp` is required; `nbf` and `iat` count when they are there.
    pub(crate) fn of(claims: &Claims<'_>, skew: ClockSkew) -> Self {
        let invalid = Err(TokenErrorKind::Claims);
        let mut validity = Self {
            ends: match claims.exp {
                Date::At(exp) => Ok(shift(exp, skew.exp_leeway)),
                Date::Absent | Date::Invalid => invalid,
            },
            begins: [(i64::MIN, TokenErrorKind::NotActiveYet), (i64::MIN, TokenErrorKind::IssuedInTheFuture)],
        };
        for (claim, (begin, _)) in [claims.nbf, claims.iat].into_iter().zip(&mut validity.begins) {
            match claim {
                Date::Absent => {}
                Date::At(at) => *begin = shift(at, skew.nbf_leeway),
                // An expired token is an expired one first.
                Date::Invalid => *begin = i64::MAX,
            }
        }
        validity
    }

    /// Whether the token is valid at this time.
    pub(crate) fn check(&self, now: Timestamp) -> Result<(), TokenErrorKind> {
        let now = now.unix_millis();
        if now >= self.ends? {
            return Err(TokenErrorKind::Expired);
        }
        match self.begins.iter().find(|(begin, _)| now < *begin) {
            None => Ok(()),
            Some((i64::MAX, _)) => Err(TokenErrorKind::Claims),
            Some((_, early)) => Err(*early),
        }
    }

    /// The first millisecond that is too late.
    pub(crate) fn ends(&self) -> i64 {
        self.ends.unwrap_or(i64::MIN + 1)
    }
}

/// The millisecond of a `NumericDate`, its fraction cut off, so many milliseconds later.
fn shift(seconds: f64, by: i64) -> i64 {
    // What is no date at all was sorted out before; the ends of the range have a meaning of their own.
    let at = Timestamp::from_numeric_date(seconds).map_or(i64::MIN, Timestamp::unix_millis);
    at.saturating_add(by).clamp(i64::MIN + 1, i64::MAX - 1)
}

/// `aud`, `azp` and `iss`: for us, issued to one of our sites, by our instance.
fn parties(claims: &Claims<'_>, kind: Kind, rules: &TokenRules) -> Result<(), TokenError> {
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

    fn check_dates(json: &str, now_ms: i64) -> Result<(), TokenErrorKind> {
        let claims = Claims::parse(json).unwrap();
        let now = Timestamp::from_unix_millis(now_ms);
        Validity::of(&claims, ClockSkew::default()).check(now)
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
    fn dates_that_are_none_are_refused() {
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
