//! The claims of a session token, in both of Clerk's versions, read leniently and normalised to one form.
//!
//! A claim of the wrong type counts as absent, so whatever depends on it is refused.
//! See [Clerk's page on session tokens](https://clerk.com/docs/guides/sessions/session-tokens).

mod audience;
mod claim;
pub(crate) mod lenient;

use std::borrow::Cow;

pub(crate) use audience::audiences;
pub(crate) use claim::claim;
use serde::Deserialize;

use super::object;

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
    pub(crate) v: Option<f64>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) sts: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "claim")]
    pub(crate) fva: Option<[f64; 2]>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) fea: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) pla: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) act: lenient::ClaimValue<lenient::Object<Act<'a>>>,
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

/// Who acts as the user ([RFC 8693, section 4.1](https://www.rfc-editor.org/rfc/rfc8693#section-4.1)).
#[derive(Debug, Deserialize)]
pub(crate) struct Act<'a> {
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) sub: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) iss: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "claim")]
    pub(crate) sid: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "type", deserialize_with = "claim")]
    pub(crate) kind: lenient::ClaimValue<Cow<'a, str>>,
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
    /// `None` when the payload is no JSON object, or names a claim twice.
    pub(crate) fn parse(payload: &'a str) -> Option<Self> {
        object(payload)
    }
}
