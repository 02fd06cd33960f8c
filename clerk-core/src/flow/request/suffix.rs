//! Which of a browser's cookies count: those with the instance's suffix, or those without.
//!
//! Several instances may live on one host, so Clerk's front end writes each cookie twice; one without a suffix may be
//! another instance's, or an older front end's.

use super::{
    cookies::{Both, CookieValue, Cookies},
    facts::Facts,
};
use crate::{
    config::InstanceType,
    flow::context::Context,
    token::{IssuerMatch, TokenHints},
};

pub(crate) fn counts(facts: &Facts<'_>, context: &Context<'_>) -> bool {
    let Cookies { session: Both { plain, suffixed }, client_uat, .. } = facts.cookies(context);
    let has_suffixed_uat = client_uat.suffixed.bytes().is_some();
    let is_zero = |cookie: CookieValue<'_>| cookie.text().as_deref() == Some("0");
    let plain_hints = match facts.recalled(context) {
        Some(recalled) => Some(recalled.hints),
        None => plain.text().and_then(|token| context.hints(&token)),
    };
    if plain.bytes().is_some() {
        match plain_hints.map(|hints| hints.issuer) {
            // Not one of Clerk's: an application's own cookie of the same name, from before suffixes.
            None | Some(IssuerMatch::Missing) => return false,
            Some(IssuerMatch::Foreign) => return true,
            Some(IssuerMatch::Own) => {}
        }
    }
    if !has_suffixed_uat && suffixed.bytes().is_none() {
        return false;
    }
    // The front end writes the same token twice.
    let suffixed_hints = if suffixed.bytes() == plain.bytes() {
        plain_hints
    } else {
        suffixed.text().and_then(|token| context.hints(&token))
    };
    let issued_at = |hints: Option<TokenHints>| hints.and_then(|hints| hints.issued_at).unwrap_or(0.0);
    let (plain_out, suffixed_out) = (is_zero(client_uat.plain), is_zero(client_uat.suffixed));
    if !suffixed_out && !plain_out && issued_at(plain_hints) > issued_at(suffixed_hints) {
        return false;
    }
    if suffixed_out && !plain_out {
        return false;
    }
    if context.settings.instance_type() == InstanceType::Development {
        let now = context.now.unix_seconds() as f64;
        let expired = suffixed_hints.and_then(|hints| hints.expires_at).is_some_and(|expires_at| expires_at <= now);
        if !suffixed_out && plain_out && expired {
            return false;
        }
    }
    has_suffixed_uat || suffixed.bytes().is_none()
}
