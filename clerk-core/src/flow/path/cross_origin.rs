//! A user whose browser comes to the primary domain from another origin may have signed in or out there.

use url::Url;

use crate::{
    config::{InstanceType, development_hosts::is_development_portal},
    flow::{context::Context, request::facts::Facts, respond::redirect_guard::trail},
};

/// Whether the browser loads a page and comes from another origin, so that a handshake must confirm the session. False
/// right after a handshake, which has just confirmed it.
pub(crate) fn is_cross_origin_navigation(context: &Context<'_>, facts: &Facts<'_>) -> bool {
    if context.settings.is_satellite || !context.options.pages || !facts.is_get() {
        return false;
    }
    let Some(referrer) = facts.header("referer").and_then(|text| Url::parse(&text).ok()) else { return false };
    facts.header("sec-fetch-dest").as_deref() == Some("document")
        && facts
            .url(context)
            .is_some_and(|url| url.origin().ascii_serialization() != referrer.origin().ascii_serialization())
        && !is_clerk_page(context, facts, &referrer)
        && !trail(context, facts).follows_handshake()
}

/// Whether a page belongs to the instance: its Frontend API or its account portal.
fn is_clerk_page(context: &Context<'_>, facts: &Facts<'_>, referrer: &Url) -> bool {
    let host = referrer.host_str().unwrap_or_default();
    let frontend_api = facts.url(context).and_then(|url| context.settings.frontend_api(Some(url)));
    let Some(frontend_api) = frontend_api else { return false };
    if frontend_api.starts_with("http") {
        // A proxied Frontend API has no separate account portal.
        if Url::parse(&frontend_api).is_ok_and(|url| url.host_str() == Some(host)) {
            return true;
        }
    } else if frontend_api == host {
        return true;
    }
    if context.settings.instance_type() == InstanceType::Development && is_development_portal(host) {
        return true;
    }
    let portal = Url::parse(&crate::config::account_portal(&frontend_api));
    portal.is_ok_and(|portal| portal.origin() == referrer.origin())
}
