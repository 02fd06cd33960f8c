//! Chooses between a browser's cookies with the instance's suffix and those without.
//!
//! Several instances may share a host, so clerk-js writes each cookie twice. One without a suffix may belong to another
//! instance or to an older clerk-js.

use super::cookies::{CookieValue, Cookies, SuffixedCookie};
use crate::{
    config::InstanceType,
    flow::context::{CachedToken, Context},
    token::{IssuerMatch, TokenHints},
};

/// Whether to read the suffixed cookies, by the same rules as in Clerk's own SDKs.
///
/// `cached` is what the cache knows of the session token in the cookie without a suffix.
pub(crate) fn uses_suffixed_cookies(
    cookies: &Cookies<'_>,
    cached: Option<&CachedToken>,
    context: &Context<'_>,
) -> bool {
    let Cookies { session: SuffixedCookie { plain, suffixed }, client_uat, .. } = cookies;
    let has_suffixed_uat = client_uat.suffixed.bytes().is_some();
    let is_zero = |cookie: CookieValue<'_>| cookie.text().as_deref() == Some("0");
    let plain_hints = match cached {
        Some(cached) => Some(cached.hints),
        None => plain.text().and_then(|token| context.hints(&token)),
    };
    if plain.bytes().is_some() {
        match plain_hints.map(|hints| hints.issuer) {
            // No token of Clerk's: a cookie of the application with the same name.
            None | Some(IssuerMatch::Missing) => return false,
            Some(IssuerMatch::Foreign) => return true,
            Some(IssuerMatch::Own) => {}
        }
    }
    if !has_suffixed_uat && suffixed.bytes().is_none() {
        return false;
    }
    // clerk-js writes the same token twice.
    let suffixed_hints = if suffixed.bytes() == plain.bytes() {
        plain_hints
    } else {
        suffixed.text().and_then(|token| context.hints(&token))
    };
    let issued_at = |hints: Option<TokenHints>| hints.and_then(|hints| hints.issued_at).unwrap_or(0.0);
    let (is_plain_signed_out, is_suffixed_signed_out) = (is_zero(client_uat.plain), is_zero(client_uat.suffixed));
    if !is_suffixed_signed_out && !is_plain_signed_out && issued_at(plain_hints) > issued_at(suffixed_hints) {
        return false;
    }
    if is_suffixed_signed_out && !is_plain_signed_out {
        return false;
    }
    if context.settings.instance_type() == InstanceType::Development {
        let now = context.now.unix_seconds() as f64;
        let expired = suffixed_hints.and_then(|hints| hints.expires_at).is_some_and(|expires_at| expires_at <= now);
        if !is_suffixed_signed_out && is_plain_signed_out && expired {
            return false;
        }
    }
    has_suffixed_uat || suffixed.bytes().is_none()
}
