//! Applications on several domains: satellites ask, the primary answers.
//!
//! See [Clerk's page on satellite domains](https://clerk.com/docs/guides/dashboard/dns-domains/satellite-domains).

use url::Url;

use super::handshake;
use crate::{
    auth::Reason,
    base::query,
    config::InstanceType,
    flow::{
        RequestState,
        context::Context,
        need::{Answers, Notice},
        request::facts::Facts,
        respond::request_state,
    },
};

/// The answer to a page of a satellite that must first ask the primary domain who is signed in, if it must.
pub(crate) fn must_sync(context: &Context<'_>, facts: &Facts<'_>, has_cookies: bool) -> Option<RequestState> {
    let eligible = context.settings.is_satellite
        && facts.is_get()
        && facts.header("sec-fetch-dest").as_deref() == Some("document");
    let synced = facts.query().synced.as_deref();
    if !eligible || synced == Some("true") {
        return None;
    }
    let asked_to = synced == Some("false");
    if !context.settings.satellite_auto_sync && !has_cookies && !asked_to {
        return Some(RequestState::signed_out(Reason::SessionTokenAndUatMissing, context));
    }
    if has_cookies && !asked_to {
        return None;
    }
    if context.settings.instance_type() == InstanceType::Production {
        return Some(handshake::start(context, facts, Reason::SatelliteNeedsSyncing));
    }
    // In development the cookies of two sites never meet, so the primary's pages pass the browser on by hand.
    let sign_in = context.settings.sign_in_url.as_deref().unwrap_or_default();
    Some(match (Url::parse(sign_in), facts.url(context)) {
        (Ok(mut sign_in), Some(here)) => {
            query::append(&mut sign_in, query::REDIRECT_URL, here.as_str());
            handshake::start_at(context, facts, Reason::SatelliteNeedsSyncing, sign_in.into())
        }
        (Err(_), _) if context.options.pages => request_state::misconfigured(Reason::SignInUrlOnSatellite, context),
        _ => RequestState::signed_out(Reason::SatelliteNeedsSyncing, context),
    })
}

/// The primary's answer to a satellite that asked, in development: back with who the browser is.
pub(crate) fn answer(context: &Context<'_>, facts: &Facts<'_>, answers: &Answers) -> Option<RequestState> {
    let asking = facts.query().redirect_url.as_deref().filter(|text| !text.is_empty())?;
    if context.settings.is_satellite || context.settings.instance_type() != InstanceType::Development {
        return None;
    }
    // Only a page can be sent back; an API call that carries the parameter is judged like any other of its kind.
    let mut back = match Url::parse(asking) {
        Ok(back) => back,
        Err(_) if context.options.pages => {
            return Some(request_state::misconfigured(Reason::ReturnAddressInvalid, context));
        }
        Err(_) => return Some(RequestState::signed_out(Reason::PrimaryRespondsToSyncing, context)),
    };
    if !is_allowed(context, facts, &back) {
        // Not followed: an attacker can write the address, and the dev browser's token would go with it.
        if answers.first_time(Notice::SatelliteUnknown) {
            tracing::warn!(target: "clerk", "a satellite that is not among the redirect origins asked about the session; name its origin in ClerkBuilder::redirect_origins");
        }
        return None;
    }
    if let Some(dev_browser) = facts.dev_browser(context) {
        query::append(&mut back, query::DEV_BROWSER, &dev_browser);
    }
    query::set(&mut back, query::SYNCED, "true");
    Some(handshake::start_at(context, facts, Reason::PrimaryRespondsToSyncing, back.into()))
}

/// Whether a browser may be sent there: to this site, or to one that the configuration names.
fn is_allowed(context: &Context<'_>, facts: &Facts<'_>, target: &Url) -> bool {
    let origin = target.origin();
    let text = origin.ascii_serialization();
    origin.is_tuple()
        && (facts.url(context).is_some_and(|here| here.origin() == origin)
            || context.settings.redirect_origins.iter().any(|allowed| **allowed == *text))
}

/// Whether a satellite's sign-in page lies on the satellite itself, where signing in is impossible.
pub(crate) fn sign_in_url_is_same_origin(context: &Context<'_>, facts: &Facts<'_>) -> bool {
    facts.header("origin").is_some_and(|origin| {
        context.settings.signs_in_on_satellite(|sign_in| sign_in.origin().ascii_serialization() == *origin)
    })
}
