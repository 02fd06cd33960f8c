//! What a token says about itself before anybody verified it: good for choosing between two, and for nothing else.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    TokenRules, TokenType,
    category::Category,
    claims::{
        Claims,
        lenient::{Date, Issuer},
    },
    encoding::object,
    error::{TokenError, TokenErrorKind},
    header::HeaderParam,
    is_jwt, js_number,
    jws::SignedToken,
    key::VerifyingKey,
    rules::ClockSkew,
    verify::{self, Kind},
};
use crate::base::time::Timestamp;

/// A token whose claims were read once, for the glance before the verification and for the judgement after it.
#[derive(Debug)]
pub(crate) struct Unverified<'s> {
    signed: &'s SignedToken<'s>,
    /// For nobody's eyes before the signature was found good, but for [`TokenHints`].
    claims: Result<Claims<'s>, TokenError>,
}

/// The little that decides which of several tokens is looked at, and as which kind.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TokenHints {
    pub(crate) issuer: IssuerMatch,
    /// The kind, if it is a machine's.
    pub(crate) machine: Option<TokenType>,
    pub(crate) category: Category,
    pub(crate) issued_at: Option<f64>,
    pub(crate) expires_at: Option<f64>,
}

/// Where a token says that it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IssuerMatch {
    /// It names no issuer.
    Missing,
    /// Another instance, or no text at all.
    Foreign,
    /// The instance itself.
    Own,
}

impl TokenHints {
    /// A machine's token, or one that a template produced.
    pub(crate) const fn is_not_session_token(&self) -> bool {
        self.machine.is_some() || !self.category.may_be_session()
    }
}

impl<'s> Unverified<'s> {
    /// Reads a token's claims.
    ///
    /// # Errors
    /// When the payload is no JSON.
    pub(crate) fn read(signed: &'s SignedToken<'s>) -> Result<Self, TokenError> {
        match signed.claims() {
            Err(error) if error.kind() == TokenErrorKind::Malformed => Err(error),
            claims => Ok(Self { signed, claims }),
        }
    }

    pub(crate) fn key_id(&self) -> Option<&str> {
        self.signed.key_id()
    }

    pub(crate) fn category(&self) -> Category {
        Category::of(&self.signed.header.cat)
    }

    /// The session that the token says that it belongs to.
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
        let odd = |name| self.odd_number(name);
        TokenHints {
            issuer,
            machine: self.machine(),
            category: self.category(),
            issued_at: claims.and_then(|claims| number(claims.iat, || odd("iat"))),
            expires_at: claims.and_then(|claims| number(claims.exp, || odd("exp"))),
        }
    }

    /// The kind of a machine's token in JWT form; an M2M token's subject is a machine, an OAuth token's `typ` says so.
    pub(crate) fn machine(&self) -> Option<TokenType> {
        let subject = self.claims.as_ref().ok().and_then(|claims| claims.sub.as_deref());
        let kind = match &self.signed.header.typ {
            _ if subject.is_some_and(|subject| subject.starts_with("mch_")) => TokenType::M2mToken,
            HeaderParam::Text(typ) if matches!(&**typ, "at+jwt" | "application/at+jwt") => TokenType::OAuthToken,
            _ => return None,
        };
        is_jwt(self.signed.text()).then_some(kind)
    }

    /// The claims, once they and the signature were found good: signature first.
    pub(crate) fn verified(
        &self,
        kind: Kind,
        key: &VerifyingKey,
        rules: &TokenRules,
        skew: ClockSkew,
        now: Timestamp,
    ) -> Result<&Claims<'s>, TokenError> {
        verify::header(self.signed, kind, rules)?;
        self.signed.verify(key)?;
        let claims = self.claims.as_ref().map_err(Clone::clone)?;
        verify::claims(claims, kind, rules, skew, now)?;
        Ok(claims)
    }

    /// The token taken apart.
    pub(crate) const fn signed(&self) -> &'s SignedToken<'s> {
        self.signed
    }

    /// A claim that is no date compared as a number even so: what JavaScript makes of it.
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

/// A member that is there, even with `null`.
fn present<'de, D>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error>
where
    D: serde::Deserializer<'de>,
{
    Deserialize::deserialize(deserializer).map(Some)
}

/// A claim compared as a number. Only for choosing; a date that counts must be one.
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

/// Whether an issuer is this host once every `http://` and `https://` is taken out of it, in any case.
fn is_host_of(issuer: &str, host: &str) -> bool {
    // Clerk's own have one in front; what has more is rare enough for a copy.
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
    fn schemes_do_not_count() {
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
