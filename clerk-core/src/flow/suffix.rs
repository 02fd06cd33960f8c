//! Which of a browser's cookies count: those with the instance's suffix, or those without.
//!
//! Several instances may live on one host, so Clerk's front end writes each cookie twice; one without a suffix may be
//! another instance's, or an older front end's.

use super::{context::Context, cookies::Cookies};
use crate::{
    config::InstanceType,
    jwt::peek::{Issuer, Peek},
};

pub(super) fn counts(cookies: &Cookies<'_>, context: &Context<'_>) -> bool {
    let (plain, suffixed) = (cookies.session.plain(), cookies.session.suffixed());
    let (plain_uat, suffixed_uat) = (cookies.client_uat.plain(), cookies.client_uat.suffixed());
    let plain_peek = plain.and_then(|token| Peek::at(token).ok());
    if plain.is_some() {
        match plain_peek.as_ref().map(|peek| &peek.issuer) {
            // Not one of Clerk's: an application's own cookie of the same name, from before suffixes.
            None | Some(Issuer::Absent) => return false,
            Some(Issuer::Other) => return true,
            Some(Issuer::Text(issuer)) if without_scheme(issuer) != *context.settings.token_issuer() => return true,
            Some(Issuer::Text(_)) => {}
        }
    }
    if suffixed_uat.is_none() && suffixed.is_none() {
        return false;
    }
    let suffixed_peek = suffixed.and_then(|token| Peek::at(token).ok());
    let issued_at = |peek: &Option<Peek>| peek.as_ref().and_then(|peek| peek.issued_at).unwrap_or(0.0);
    let (plain_out, suffixed_out) = (plain_uat == Some("0"), suffixed_uat == Some("0"));
    if !suffixed_out && !plain_out && issued_at(&plain_peek) > issued_at(&suffixed_peek) {
        return false;
    }
    if suffixed_out && !plain_out {
        return false;
    }
    if context.settings.instance_type() == InstanceType::Development {
        let now = context.now.unix_seconds() as f64;
        let expired =
            suffixed_peek.as_ref().and_then(|peek| peek.expires_at).is_some_and(|expires_at| expires_at <= now);
        if !suffixed_out && plain_out && expired {
            return false;
        }
    }
    suffixed_uat.is_some() || suffixed.is_none()
}

/// An issuer with every `http://` and `https://` taken out, in any case.
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
        }
    }
}
