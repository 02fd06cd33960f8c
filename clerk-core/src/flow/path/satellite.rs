//! Applications on several domains: a satellite gets the session from the primary domain.
//!
//! See [Clerk's page on satellite domains](https://clerk.com/docs/guides/dashboard/dns-domains/satellite-domains).

use url::Url;

use super::handshake;
use crate::{
    auth::Reason,
    base::query,
    config::InstanceType,
    flow::{
        RequestState, context::Context, need::Answers, notice::Notice, request::facts::Facts, respond::request_state,
    },
};

/// On a satellite: redirects a page load to the primary domain to get the session, if necessary.
pub(crate) fn start_sync(context: &Context<'_>, facts: &Facts<'_>, has_cookies: bool) -> Option<RequestState> {
    let eligible = context.settings.is_satellite
        && facts.is_get()
        && facts.header("sec-fetch-dest").as_deref() == Some("document");
    let synced = facts.query().synced.as_deref();
    if !eligible || synced == Some("true") {
        return None;
    }
    let is_requested = synced == Some("false");
    if !context.settings.satellite_auto_sync && !has_cookies && !is_requested {
        return Some(RequestState::signed_out(Reason::SessionTokenAndUatMissing, context));
    }
    if has_cookies && !is_requested {
        return None;
    }
    if context.settings.instance_type() == InstanceType::Production {
        return Some(handshake::start(context, facts, Reason::SatelliteNeedsSyncing));
    }
    // In development two sites share no cookies, so the primary's pages redirect the browser back.
    let sign_in = context.settings.sign_in_url.as_deref().unwrap_or_default();
    Some(match (Url::parse(sign_in), facts.url(context)) {
        (Ok(mut sign_in), Some(here)) => {
            handshake::redirect(context, facts, Reason::SatelliteNeedsSyncing, |marks, _| {
                let back = context.marker_key.mark(here.clone(), marks, context.now);
                query::append(&mut sign_in, query::REDIRECT_URL, back.as_str());
                Some(sign_in.into())
            })
        }
        (Err(_), _) if context.options.pages => request_state::misconfigured(Reason::SignInUrlOnSatellite, context),
        _ => RequestState::signed_out(Reason::SatelliteNeedsSyncing, context),
    })
}

/// On the primary domain in development: redirects the browser back to the satellite with its dev browser token.
pub(crate) fn respond_to_satellite(
    context: &Context<'_>,
    facts: &Facts<'_>,
    answers: &Answers,
) -> Option<RequestState> {
    let return_url = facts.query().redirect_url.as_deref().filter(|text| !text.is_empty())?;
    if context.settings.is_satellite || context.settings.instance_type() != InstanceType::Development {
        return None;
    }
    // A stranger can write this parameter, so a text that is no address is ignored.
    let mut back = Url::parse(return_url).ok()?;
    if !is_allowed(context, facts, &back) {
        // The redirect URL is attacker-controlled and would receive the dev browser token.
        if let Some(left_out) = context.admit_line(Notice::SatelliteUnknown, answers) {
            tracing::warn!(target: "clerk", left_out, "a satellite that is not among the redirect origins requested the session; add its origin with ClerkBuilder::redirect_origins");
        }
        return None;
    }
    if let Some(dev_browser) = facts.dev_browser(context) {
        query::append(&mut back, query::DEV_BROWSER, &dev_browser);
    }
    // A satellite with this parameter does not ask again.
    query::set(&mut back, query::SYNCED, "true");
    Some(handshake::redirect_to(context, facts, Reason::PrimaryRespondsToSyncing, back.into()))
}

/// Whether the browser may be redirected there: to this origin or a configured one.
fn is_allowed(context: &Context<'_>, facts: &Facts<'_>, target: &Url) -> bool {
    let origin = target.origin();
    let text = origin.ascii_serialization();
    origin.is_tuple()
        && (facts.url(context).is_some_and(|here| here.origin() == origin)
            || context.settings.redirect_origins.iter().any(|allowed| **allowed == *text))
}

/// Whether a satellite's sign-in URL points to the satellite itself, where users cannot sign in.
pub(crate) fn sign_in_url_is_same_origin(context: &Context<'_>, facts: &Facts<'_>) -> bool {
    // First, so that no other request's header is looked up.
    context.settings.is_satellite
        && facts.header("origin").is_some_and(|origin| {
            context.settings.signs_in_on_satellite(|sign_in| sign_in.origin().ascii_serialization() == *origin)
        })
}
