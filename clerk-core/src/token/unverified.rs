//! [`Unverified`]: a token's claims before its signature is verified. Only for choosing between tokens, never for
//! access.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    TokenRules, TokenType,
    claims::{
        Claims,
        lenient::{Date, Issuer},
    },
    encoding::object,
    error::{TokenError, TokenErrorKind},
    is_jwt, js_number,
    jws::SignedToken,
    key::VerifyingKey,
    profile::{JwtProfile, machine_type},
    rules::ClockSkew,
    verify,
};
use crate::base::time::Timestamp;

/// A token whose claims are parsed once, for the [`TokenHints`] before its verification and the checks after it.
#[derive(Debug)]
pub(crate) struct Unverified<'s> {
    signed: &'s SignedToken<'s>,
    /// Only [`TokenHints`] may read these before the signature is verified.
    claims: Result<Claims<'s>, TokenError>,
}

/// The unverified facts that decide which of several tokens to verify, and as what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TokenHints {
    pub(crate) issuer: IssuerMatch,
    /// `None` for a token that is neither a session's nor a machine's, such as one from a JWT template.
    pub(crate) token_type: Option<TokenType>,
    pub(crate) issued_at: Option<f64>,
    pub(crate) expires_at: Option<f64>,
}

/// How a token's `iss` claim compares with the instance's issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IssuerMatch {
    /// There is no `iss`.
    Missing,
    /// Another issuer, or no string.
    Foreign,
    /// The instance's own issuer.
    Own,
}

impl TokenHints {
    /// Whether this is a machine token or one from a JWT template.
    pub(crate) const fn is_not_session_token(&self) -> bool {
        !matches!(self.token_type, Some(TokenType::SessionToken))
    }

    /// The type of a machine token; `None` for all other tokens.
    pub(crate) const fn machine_type(&self) -> Option<TokenType> {
        match self.token_type {
            Some(TokenType::SessionToken) => None,
            machine => machine,
        }
    }
}

impl<'s> Unverified<'s> {
    /// Reads a token's claims.
    ///
    /// # Errors
    /// If the payload is not JSON.
    pub(crate) fn read(signed: &'s SignedToken<'s>) -> Result<Self, TokenError> {
        match signed.claims() {
            Err(error) if error.kind() == TokenErrorKind::Malformed => Err(error),
            claims => Ok(Self { signed, claims }),
        }
    }

    pub(crate) fn key_id(&self) -> Option<&str> {
        self.signed.key_id()
    }

    /// Whether `cat` allows this use of the token.
    pub(crate) fn allows_cat(&self, profile: JwtProfile) -> bool {
        profile.allows_cat(&self.signed.header.cat)
    }

    /// The session id that the token claims.
    pub(crate) fn session_id(&self) -> Option<&str> {
        self.claims.as_ref().ok()?.sid.as_deref().filter(|id| !id.is_empty())
    }

    /// Reads the hints; `own_issuer` is the instance's own issuer without its scheme.
    pub(crate) fn hints(&self, own_issuer: &str) -> TokenHints {
        let claims = self.claims.as_ref().ok();
        let issuer = match claims.map(|claims| &claims.iss) {
            None | Some(Issuer::Absent) => IssuerMatch::Missing,
            Some(Issuer::Text(text)) if is_host_of(text, own_issuer) => IssuerMatch::Own,
            Some(Issuer::Text(_) | Issuer::NotText) => IssuerMatch::Foreign,
        };
        let session_type = self.allows_cat(JwtProfile::Session).then_some(TokenType::SessionToken);
        let odd = |name| self.odd_number(name);
        TokenHints {
            issuer,
            token_type: self.machine_type().or(session_type),
            issued_at: claims.and_then(|claims| number(claims.iat, || odd("iat"))),
            expires_at: claims.and_then(|claims| number(claims.exp, || odd("exp"))),
        }
    }

    /// The type of a machine token; `None` for all other tokens.
    pub(crate) fn machine_type(&self) -> Option<TokenType> {
        let subject = self.claims.as_ref().ok().and_then(|claims| claims.sub.as_deref());
        machine_type(subject, &self.signed.header.typ).filter(|_| is_jwt(self.signed.text()))
    }

    /// Verifies the header, then the signature, then the claims.
    pub(crate) fn verify(
        &self,
        profile: JwtProfile,
        key: &VerifyingKey,
        rules: &TokenRules,
        skew: ClockSkew,
        now: Timestamp,
    ) -> Result<&Claims<'s>, TokenError> {
        profile.check(self.signed, rules)?;
        self.signed.verify(key)?;
        let claims = self.claims.as_ref().map_err(Clone::clone)?;
        verify::check_claims(claims, self.signed.claims_as_of(claims), profile, rules, skew, now)?;
        Ok(claims)
    }

    /// The parsed token.
    pub(crate) const fn signed(&self) -> &'s SignedToken<'s> {
        self.signed
    }

    /// A date claim of another type as a number, by JavaScript's conversion.
    fn odd_number(&self, name: &str) -> Option<f64> {
        #[derive(Deserialize)]
        struct Dates<'a> {
            #[serde(borrow, default, deserialize_with = "present")]
            iat: Option<&'a RawValue>,
            #[serde(borrow, default, deserialize_with = "present")]
            exp: Option<&'a RawValue>,
        }

        let dates: Dates<'_> = object(self.signed.unique_payload())?;
        from_json(if name == "iat" { dates.iat } else { dates.exp }?.get())
    }
}

/// Keeps a member whose value is `null`, which `Option` alone would drop.
fn present<'de, D>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error>
where
    D: serde::Deserializer<'de>,
{
    Deserialize::deserialize(deserializer).map(Some)
}

/// A date claim as Clerk's SDK compares it. Only for choosing between tokens: the verification accepts only real dates.
fn number(date: Date, odd: impl FnOnce() -> Option<f64>) -> Option<f64> {
    match date {
        Date::Absent => None,
        Date::At(seconds) => Some(seconds),
        Date::Invalid => odd(),
    }
}

fn from_json(json: &str) -> Option<f64> {
    match serde_json::from_str::<serde_json::Value>(json).ok()? {
        serde_json::Value::Null => Some(0.0),
        serde_json::Value::Bool(value) => Some(f64::from(u8::from(value))),
        serde_json::Value::Number(number) => number.as_f64(),
        serde_json::Value::String(text) => js_number::number(&text),
        serde_json::Value::Array(list) => match &list[..] {
            [] => Some(0.0),
            [one] => from_json(&one.to_string()),
            _ => None,
        },
        serde_json::Value::Object(_) => None,
    }
}

/// Whether an issuer is this host after removing every `http://` and `https://`, in upper or lower case.
fn is_host_of(issuer: &str, host: &str) -> bool {
    // Clerk's issuers have one scheme; only others need the copy.
    let rest = issuer.strip_prefix("https://").or_else(|| issuer.strip_prefix("http://")).unwrap_or(issuer);
    if rest.contains("://") { without_scheme(issuer) == host } else { rest == host }
}

fn without_scheme(issuer: &str) -> String {
    let lower = issuer.to_ascii_lowercase();
    let mut kept = String::with_capacity(issuer.len());
    let mut at = 0;
    while at < issuer.len() {
        let skip = ["https://", "http://"].into_iter().find(|scheme| lower[at..].starts_with(scheme));
        match skip {
            Some(scheme) => at += scheme.len(),
            None => {
                let width = issuer[at..].chars().next().map_or(1, char::len_utf8);
                kept.push_str(&issuer[at..at + width]);
                at += width;
            }
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_are_ignored() {
        for (issuer, expected) in [
            ("https://clerk.example.com", "clerk.example.com"),
            ("HTTP://clerk.example.com", "clerk.example.com"),
            ("clerk.example.com", "clerk.example.com"),
            ("https://https://a.b", "a.b"),
            ("ftp://\u{e9}", "ftp://\u{e9}"),
        ] {
            assert_eq!(without_scheme(issuer), expected);
            assert!(is_host_of(issuer, expected));
        }
    }
}
