//! A browser that comes to the primary domain from somewhere else may have signed in or out there.

use url::Url;

use crate::{
    config::{InstanceType, development_hosts::is_development_portal},
    flow::{context::Context, request::facts::Facts},
};

/// Whether the session must be asked about because of where the browser came from. Once is enough: not right after a
/// handshake.
pub(crate) fn came_from_elsewhere(context: &Context<'_>, facts: &Facts<'_>) -> bool {
    if context.settings.is_satellite || !context.options.pages || !facts.is_get() {
        return false;
    }
    let Some(referrer) = facts.header("referer").and_then(|text| Url::parse(&text).ok()) else { return false };
    facts.header("sec-fetch-dest").as_deref() == Some("document")
        && facts
            .url(context)
            .is_some_and(|url| url.origin().ascii_serialization() != referrer.origin().ascii_serialization())
        && !is_clerk(context, facts, &referrer)
        && facts.redirect_count(context) == 0.0
}

/// Whether a page is one of the instance's own: its Frontend API, or its account portal.
fn is_clerk(context: &Context<'_>, facts: &Facts<'_>, referrer: &Url) -> bool {
    let host = referrer.host_str().unwrap_or_default();
    let frontend_api = facts.url(context).and_then(|url| context.settings.frontend_api(Some(url)));
    let Some(frontend_api) = frontend_api else { return false };
    if frontend_api.starts_with("http") {
        // A proxied Frontend API has no account portal of its own.
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
