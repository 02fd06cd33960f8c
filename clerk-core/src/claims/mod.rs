//! The claims of a session token, in both of Clerk's versions, read leniently and normalised to one form.
//!
//! A claim of the wrong type counts as absent, so whatever depends on it is refused.
//! See [Clerk's page on session tokens](https://clerk.com/docs/guides/sessions/session-tokens).

mod claim;
pub(crate) mod lenient;
mod normalise;
pub(crate) mod permissions;

use std::borrow::Cow;

pub(crate) use claim::claim;
pub(crate) use normalise::session;
use serde::Deserialize;

use crate::jwt::object;

/// The claims that a rule reads; custom claims stay in the raw JSON.
#[derive(Debug, Deserialize)]
pub(crate) struct Claims<'a> {
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) sub: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) sid: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) iss: lenient::Issuer<'a>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) azp: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) aud: Option<Vec<Cow<'a, str>>>,
    #[serde(default, deserialize_with = "claim")]
    pub(crate) exp: lenient::Date,
    #[serde(default, deserialize_with = "claim")]
    pub(crate) nbf: lenient::Date,
    #[serde(default, deserialize_with = "claim")]
    pub(crate) iat: lenient::Date,
    #[serde(default, deserialize_with = "claim")]
    v: Option<f64>,
    #[serde(borrow, default, deserialize_with = "claim")]
    sts: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "claim")]
    fva: Option<[f64; 2]>,
    #[serde(borrow, default, deserialize_with = "claim")]
    fea: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pla: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    act: lenient::Member<lenient::Object<Act<'a>>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    o: Option<lenient::Object<OrganizationV2<'a>>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    org_id: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    org_slug: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    org_role: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    org_permissions: lenient::Texts<'a>,
}

/// Who acts as the user ([RFC 8693, section 4.1](https://www.rfc-editor.org/rfc/rfc8693#section-4.1)).
#[derive(Debug, Deserialize)]
struct Act<'a> {
    #[serde(borrow, default, deserialize_with = "claim")]
    sub: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    iss: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    sid: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "type", deserialize_with = "claim")]
    kind: lenient::Member<Cow<'a, str>>,
}

/// The active organization in version 2: id, slug, role without `org:`, permissions, feature-permission map.
#[derive(Debug, Deserialize)]
struct OrganizationV2<'a> {
    #[serde(borrow, default, deserialize_with = "claim")]
    id: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    slg: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    rol: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    per: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    fpm: Option<Cow<'a, str>>,
}

impl<'a> Claims<'a> {
    /// `None` when the payload is no JSON object, or names a claim twice.
    pub(crate) fn parse(payload: &'a str) -> Option<Self> {
        object(payload)
    }
}
