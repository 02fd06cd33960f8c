//! The claims of a token, in both of Clerk's versions, parsed leniently.
//!
//! A claim of the wrong type counts as absent, so a rule that needs it refuses the token.
//! See [Clerk's page on session tokens](https://clerk.com/docs/guides/sessions/session-tokens).

mod claim;
pub(crate) mod lenient;

use std::borrow::Cow;

pub(crate) use claim::claim;
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use super::object;

/// The claims that a rule reads; custom claims stay in the JSON.
#[derive(Debug, Deserialize)]
pub(crate) struct Claims<'a> {
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) sub: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) sid: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) iss: lenient::Issuer<'a>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) azp: lenient::Party<'a>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) aud: Option<Vec<Cow<'a, str>>>,
    #[serde(default, deserialize_with = "claim")]
    pub(crate) exp: lenient::Date,
    #[serde(default, deserialize_with = "claim")]
    pub(crate) nbf: lenient::Date,
    #[serde(default, deserialize_with = "claim")]
    pub(crate) iat: lenient::Date,
    #[serde(default, deserialize_with = "claim")]
    pub(crate) v: Option<f64>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) sts: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "claim")]
    pub(crate) fva: Option<[f64; 2]>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) fea: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) pla: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(crate) act: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) o: Option<lenient::Object<OrganizationV2<'a>>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) org_id: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) org_slug: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) org_role: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) org_permissions: lenient::Texts<'a>,
}

/// The active organization in version 2: id, slug, role without `org:`, permissions, feature-permission map.
#[derive(Debug, Deserialize)]
pub(crate) struct OrganizationV2<'a> {
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) id: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) slg: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) rol: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) per: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) fpm: Option<Cow<'a, str>>,
}

impl<'a> Claims<'a> {
    /// Parses the payload; `None` if it is not a JSON object or has duplicate claims.
    pub(crate) fn parse(payload: &'a str) -> Option<Self> {
        object(payload)
    }
}

/// The `aud` claim of a machine token: one string or a list of strings; `None` if it has another type.
pub(crate) fn audiences(claim: Option<&Value>) -> Option<Vec<Box<str>>> {
    match claim {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(Value::String(text)) => Some(vec![text.as_str().into()]),
        Some(Value::Array(list)) => list.iter().map(|audience| audience.as_str().map(Into::into)).collect(),
        Some(_) => None,
    }
}
