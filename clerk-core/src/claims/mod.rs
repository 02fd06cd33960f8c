//! The claims of a session token, in both of Clerk's versions, read leniently and normalised to one form.
//!
//! A claim of the wrong type counts as absent, so whatever depends on it is refused.
//! See [Clerk's page on session tokens](https://clerk.com/docs/guides/sessions/session-tokens).

pub(crate) mod lenient;
mod normalise;
pub(crate) mod permissions;

use std::borrow::Cow;

pub(crate) use normalise::session;
use serde::Deserialize;

use crate::jwt::object;

/// The claims that a rule reads; custom claims stay in the raw JSON.
#[derive(Debug, Deserialize)]
pub(crate) struct Claims<'a> {
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    pub(crate) sub: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    pub(crate) sid: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "lenient::issuer")]
    pub(crate) iss: lenient::Issuer<'a>,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    pub(crate) azp: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "lenient::texts")]
    pub(crate) aud: Option<Vec<Cow<'a, str>>>,
    #[serde(default, deserialize_with = "lenient::date")]
    pub(crate) exp: lenient::Date,
    #[serde(default, deserialize_with = "lenient::date")]
    pub(crate) nbf: lenient::Date,
    #[serde(default, deserialize_with = "lenient::date")]
    pub(crate) iat: lenient::Date,
    #[serde(default, deserialize_with = "lenient::number")]
    v: Option<f64>,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    sts: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "lenient::numbers")]
    fva: Option<Vec<f64>>,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    fea: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    pla: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "lenient::member")]
    act: lenient::Member<Act<'a>>,
    #[serde(borrow, default, deserialize_with = "lenient::object")]
    o: Option<OrganizationV2<'a>>,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    org_id: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    org_slug: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    org_role: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "lenient::list")]
    org_permissions: Option<Vec<Cow<'a, str>>>,
}

/// Who acts as the user ([RFC 8693, section 4.1](https://www.rfc-editor.org/rfc/rfc8693#section-4.1)).
#[derive(Debug, Deserialize)]
struct Act<'a> {
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    sub: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    iss: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    sid: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "type", deserialize_with = "lenient::text_member")]
    kind: lenient::Member<Cow<'a, str>>,
}

/// The active organization in version 2: id, slug, role without `org:`, permissions, feature-permission map.
#[derive(Debug, Deserialize)]
struct OrganizationV2<'a> {
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    id: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    slg: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    rol: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    per: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    fpm: Option<Cow<'a, str>>,
}

impl<'a> Claims<'a> {
    /// `None` when the payload is no JSON object, or names a claim twice.
    pub(crate) fn parse(payload: &'a str) -> Option<Self> {
        object(payload)
    }
}
