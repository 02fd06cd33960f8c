//! [`Header`]: the JOSE header parameters that a rule reads
//! ([RFC 7515, section 4](https://www.rfc-editor.org/rfc/rfc7515#section-4)).

use std::borrow::Cow;

use serde::{Deserialize, de::IgnoredAny};

use super::{
    claims::claim,
    encoding::{last_of_each, object},
};

/// The JOSE header parameters that a rule reads; all others are ignored.
#[derive(Debug, Clone, Default)]
pub(crate) struct Header<'a> {
    pub(crate) alg: Option<Cow<'a, str>>,
    pub(crate) typ: HeaderParam<'a>,
    pub(crate) kid: Option<Cow<'a, str>>,
    pub(crate) cat: HeaderParam<'a>,
    pub(crate) crit: bool,
}

/// A header parameter that may be absent, or not a string.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum HeaderParam<'a> {
    #[default]
    Absent,
    Text(Cow<'a, str>),
    NotText,
}

impl Header<'_> {
    pub(crate) fn parse(json: &str) -> Option<Header<'static>> {
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
        let HeaderJson { alg, typ, kid, cat, crit } = &header;
        Some(
            Header { alg: alg.text(), typ: typ.borrowed(), kid: kid.text(), cat: cat.borrowed(), crit: *crit }
                .to_owned(),
        )
    }

    pub(crate) fn borrowed(&self) -> Header<'_> {
        Header {
            alg: self.alg.as_deref().map(Cow::Borrowed),
            typ: self.typ.borrowed(),
            kid: self.kid.as_deref().map(Cow::Borrowed),
            cat: self.cat.borrowed(),
            crit: self.crit,
        }
    }

    pub(crate) fn to_owned(&self) -> Header<'static> {
        let owned = |text: &Cow<'_, str>| Cow::Owned(text.as_ref().to_owned());
        Header {
            alg: self.alg.as_ref().map(owned),
            typ: self.typ.to_owned(),
            kid: self.kid.as_ref().map(owned),
            cat: self.cat.to_owned(),
            crit: self.crit,
        }
    }
}

impl HeaderParam<'_> {
    fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Absent | Self::NotText => None,
        }
    }

    fn borrowed(&self) -> HeaderParam<'_> {
        match self {
            Self::Text(text) => HeaderParam::Text(Cow::Borrowed(text)),
            Self::Absent => HeaderParam::Absent,
            Self::NotText => HeaderParam::NotText,
        }
    }

    fn to_owned(&self) -> HeaderParam<'static> {
        match self {
            Self::Text(text) => HeaderParam::Text(Cow::Owned(text.as_ref().to_owned())),
            Self::Absent => HeaderParam::Absent,
            Self::NotText => HeaderParam::NotText,
        }
    }
}

#[derive(Default, Deserialize)]
struct HeaderJson<'a> {
    #[serde(borrow, default)]
    alg: HeaderParam<'a>,
    #[serde(borrow, default)]
    typ: HeaderParam<'a>,
    #[serde(borrow, default)]
    kid: HeaderParam<'a>,
    #[serde(borrow, default)]
    cat: HeaderParam<'a>,
    #[serde(default, deserialize_with = "present")]
    crit: bool,
}

impl<'de: 'a, 'a> Deserialize<'de> for HeaderParam<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // `null` counts as present.
        Ok(claim::<_, Option<_>>(deserializer)?.map_or(Self::NotText, Self::Text))
    }
}

fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}
