//! What a token says about itself before anybody verified it: good for choosing between two, and for nothing else.

use std::borrow::Cow;

use serde::Deserialize;

use super::{
    error::TokenError,
    raw::{Member, SignedToken, object},
};
use crate::{claims::lenient, flow::numbers};

/// The members that decide which of several tokens is looked at, and as which kind.
#[derive(Debug)]
pub(crate) struct Peek {
    pub(crate) issuer: Issuer,
    pub(crate) subject: Option<Box<str>>,
    pub(crate) issued_at: Option<f64>,
    pub(crate) expires_at: Option<f64>,
    pub(crate) session_id: Option<Box<str>>,
    pub(crate) typ: Option<Box<str>>,
    pub(crate) category: Category,
}

/// The `iss` claim.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Issuer {
    Absent,
    /// Present, and no text.
    Other,
    Text(Box<str>),
}

/// The `cat` header: what Clerk says that the token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Category {
    Absent,
    Machine,
    Other,
    Session,
    /// Clerk's own value for "do not look".
    Unmarked,
}

#[derive(Deserialize)]
struct Claims<'a> {
    #[serde(borrow, default)]
    iss: Option<&'a serde_json::value::RawValue>,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    sub: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    sid: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "present")]
    iat: Option<&'a serde_json::value::RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    exp: Option<&'a serde_json::value::RawValue>,
}

impl Peek {
    /// Looks into a token.
    ///
    /// # Errors
    /// When it is no signed JSON Web Token at all.
    pub(crate) fn at(token: &str) -> Result<Self, TokenError> {
        let signed = SignedToken::parse_claims(token)?;
        let claims = object::<Claims<'_>>(&signed.payload);
        let (mut issuer, mut subject, mut session_id, mut issued_at, mut expires_at) =
            (Issuer::Absent, None, None, None, None);
        if let Some(claims) = claims {
            issuer = claims.iss.map_or(Issuer::Absent, |raw| Issuer::from_json(raw.get()));
            subject = claims.sub.map(|text| text.as_ref().into());
            session_id = claims.sid.filter(|text| !text.is_empty()).map(|text| text.as_ref().into());
            issued_at = claims.iat.and_then(|raw| number(raw.get()));
            expires_at = claims.exp.and_then(|raw| number(raw.get()));
        }
        let typ = match &signed.header.typ {
            Member::Text(typ) => Some(typ.as_ref().into()),
            Member::Absent | Member::Other => None,
        };
        Ok(Self { issuer, subject, issued_at, expires_at, session_id, typ, category: Category::of(&signed.header.cat) })
    }
}

/// A member that is there, even with `null`.
fn present<'de, D>(deserializer: D) -> Result<Option<&'de serde_json::value::RawValue>, D::Error>
where
    D: serde::Deserializer<'de>,
{
    Deserialize::deserialize(deserializer).map(Some)
}

/// A claim compared as a number: what JavaScript makes of it. Only for choosing; a date that counts must be a number.
fn number(json: &str) -> Option<f64> {
    match serde_json::from_str::<serde_json::Value>(json).ok()? {
        serde_json::Value::Null => Some(0.0),
        serde_json::Value::Bool(truth) => Some(f64::from(u8::from(truth))),
        serde_json::Value::Number(number) => number.as_f64(),
        serde_json::Value::String(text) => numbers::number(&text),
        serde_json::Value::Array(list) => match &list[..] {
            [] => Some(0.0),
            [one] => number(&one.to_string()),
            _ => None,
        },
        serde_json::Value::Object(_) => None,
    }
}

impl Issuer {
    fn from_json(json: &str) -> Self {
        match serde_json::from_str::<String>(json) {
            Ok(text) if text.is_empty() => Self::Absent,
            Ok(text) => Self::Text(text.into()),
            Err(_) if matches!(json, "null" | "false" | "0") => Self::Absent,
            Err(_) => Self::Other,
        }
    }
}

impl Category {
    pub(crate) fn of(member: &Member<'_>) -> Self {
        match member {
            Member::Absent => Self::Absent,
            Member::Text(text) => match &**text {
                "cl_B7d4PD111AAA" => Self::Session,
                "cl_B7d4PD333AAA" => Self::Machine,
                "cl_I7d4PD111III" => Self::Unmarked,
                _ => Self::Other,
            },
            Member::Other => Self::Other,
        }
    }

    /// Whether a token of this category can be a machine's.
    pub(crate) const fn may_be_machine(self) -> bool {
        matches!(self, Self::Absent | Self::Machine)
    }

    /// Whether a token of this category can be a session token.
    pub(crate) const fn may_be_session(self) -> bool {
        matches!(self, Self::Absent | Self::Session | Self::Unmarked)
    }
}
