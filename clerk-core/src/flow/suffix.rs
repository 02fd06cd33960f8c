//! Which of a browser's cookies count: those with the instance's suffix, or those without.
//!
//! Several instances may live on one host, so Clerk's front end writes each cookie twice; one without a suffix may be
//! another instance's, or an older front end's.

use super::{context::Context, cookies::Cookies};
use crate::{
    config::InstanceType,
    jwt::{Glance, Origin},
};

pub(super) fn counts(cookies: &Cookies<'_>, context: &Context<'_>) -> bool {
    let (plain, suffixed) = (cookies.session.plain(), cookies.session.suffixed());
    let (plain_uat, suffixed_uat) = (cookies.client_uat.plain(), cookies.client_uat.suffixed());
    let plain_glance = plain.and_then(|token| context.glance(token));
    if plain.is_some() {
        match plain_glance.map(|glance| glance.origin) {
            // Not one of Clerk's: an application's own cookie of the same name, from before suffixes.
            None | Some(Origin::Nowhere) => return false,
            Some(Origin::Elsewhere) => return true,
            Some(Origin::Here) => {}
        }
    }
    if suffixed_uat.is_none() && suffixed.is_none() {
        return false;
    }
    // The front end writes the same token twice.
    let suffixed_glance =
        if suffixed == plain { plain_glance } else { suffixed.and_then(|token| context.glance(token)) };
    let issued_at = |glance: Option<Glance>| glance.and_then(|glance| glance.issued_at).unwrap_or(0.0);
    let (plain_out, suffixed_out) = (plain_uat == Some("0"), suffixed_uat == Some("0"));
    if !suffixed_out && !plain_out && issued_at(plain_glance) > issued_at(suffixed_glance) {
        return false;
    }
    if suffixed_out && !plain_out {
        return false;
    }
    if context.settings.instance_type() == InstanceType::Development {
        let now = context.now.unix_seconds() as f64;
        let expired = suffixed_glance.and_then(|glance| glance.expires_at).is_some_and(|expires_at| expires_at <= now);
        if !suffixed_out && plain_out && expired {
            return false;
        }
    }
    suffixed_uat.is_some() || suffixed.is_none()
}
