//! [`Header`]: the JOSE header parameters that a rule reads
//! ([RFC 7515, section 4](https://www.rfc-editor.org/rfc/rfc7515#section-4)).

use std::borrow::Cow;

use serde::{Deserialize, de::IgnoredAny};

use super::{
    Algorithm,
    claims::{claim, lenient::Date},
    encoding::{last_of_each, object},
};

/// `cat` of a session token.
pub(super) const SESSION_CATEGORY: &str = "cl_B7d4PD111AAA";
/// `cat` of an M2M token.
pub(super) const M2M_CATEGORY: &str = "cl_B7d4PD333AAA";
/// `cat` of a token whose category is not checked.
pub(super) const UNCHECKED_CATEGORY: &str = "cl_I7d4PD111III";

/// What Clerk's tokens have as `typ` and `cat`; these texts are not copied.
const USUAL: [&str; 4] = ["JWT", SESSION_CATEGORY, M2M_CATEGORY, UNCHECKED_CATEGORY];

/// The JOSE header parameters that a rule reads; all others are ignored.
#[derive(Debug, Clone, Default)]
pub(crate) struct Header {
    /// `None` if the header has no `alg`, or one that is not accepted.
    pub(crate) alg: Option<Algorithm>,
    pub(crate) typ: HeaderParam,
    pub(crate) kid: Option<Box<str>>,
    pub(crate) cat: HeaderParam,
    pub(crate) crit: bool,
    /// `oiat`: when Clerk read the claims from its database.
    pub(crate) original_issued_at: Date,
}

/// A header parameter that may be absent, or not a string.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum HeaderParam {
    #[default]
    Absent,
    Text(Cow<'static, str>),
    NotText,
}

impl Header {
    pub(crate) fn parse(json: &str) -> Option<Self> {
        let unique;
        let header: HeaderJson<'_> = match object(json) {
            Some(header) => header,
            None => {
                serde_json::from_str::<IgnoredAny>(json).ok()?;
                unique = last_of_each(json);
                // A header that is not an object has no parameters, so `algorithm` refuses it.
                unique.as_deref().and_then(object).unwrap_or_default()
            }
        };
        let HeaderJson { alg, typ, kid, cat, crit, oiat } = header;
        Some(Self {
            alg: alg.0.flatten().and_then(|name| Algorithm::from_name(&name)),
            typ: HeaderParam::of(typ),
            kid: kid.0.flatten().map(Into::into),
            cat: HeaderParam::of(cat),
            crit,
            original_issued_at: oiat,
        })
    }
}

impl HeaderParam {
    fn of(Parameter(text): Parameter<'_>) -> Self {
        match text {
            None => Self::Absent,
            Some(None) => Self::NotText,
            Some(Some(text)) => Self::Text(match USUAL.into_iter().find(|usual| *usual == text) {
                Some(usual) => Cow::Borrowed(usual),
                None => Cow::Owned(text.into_owned()),
            }),
        }
    }
}

#[derive(Default, Deserialize)]
struct HeaderJson<'a> {
    #[serde(borrow, default)]
    alg: Parameter<'a>,
    #[serde(borrow, default)]
    typ: Parameter<'a>,
    #[serde(borrow, default)]
    kid: Parameter<'a>,
    #[serde(borrow, default)]
    cat: Parameter<'a>,
    #[serde(default, deserialize_with = "present")]
    crit: bool,
    #[serde(default, deserialize_with = "claim")]
    oiat: Date,
}

/// `None` if the parameter is absent, `Some(None)` if it is not a string; `null` counts as present.
#[derive(Default)]
struct Parameter<'a>(Option<Option<Cow<'a, str>>>);

impl<'de: 'a, 'a> Deserialize<'de> for Parameter<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        claim(deserializer).map(|text| Self(Some(text)))
    }
}

fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}
