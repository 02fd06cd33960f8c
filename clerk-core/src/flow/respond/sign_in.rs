//! Adds the redirect to the sign-in page.

use super::redirects::Redirects;
use crate::{
    auth::{AuthState, SessionStatus},
    flow::{
        RequestState,
        context::Context,
        path::handshake,
        request::{facts::Facts, view::RequestView},
    },
};

/// The redirects to the sign-in and sign-up pages for a request.
pub(crate) fn redirects(context: &Context<'_>, view: &RequestView<'_>, state: &AuthState) -> Redirects {
    build_redirects(context, &Facts::of(*view), state)
}

fn build_redirects(context: &Context<'_>, facts: &Facts<'_>, state: &AuthState) -> Redirects {
    let settings = context.settings;
    let pending = state.session_or_pending().is_some_and(|session| session.status() == SessionStatus::Pending);
    let mut redirects = Redirects::new().satellite(settings.is_satellite).pending(pending);
    if let Some(key) = &settings.publishable_key {
        redirects = redirects.publishable_key(key.clone());
    }
    if let Some(url) = &settings.sign_in_url {
        redirects = redirects.sign_in_url(url);
    }
    if let Some(url) = &settings.sign_up_url {
        redirects = redirects.sign_up_url(url);
    }
    if let Some(here) = facts.url(context) {
        redirects = redirects.base_url(here.as_str());
    }
    match facts.dev_browser(context) {
        Some(token) => redirects.dev_browser(&token),
        None => redirects,
    }
}

/// Adds the sign-in page's URL, which replaces a refusal if the user is signed out.
#[inline]
pub(crate) fn add_sign_in_redirect(context: &Context<'_>, view: &RequestView<'_>, state: RequestState) -> RequestState {
    if !context.options.sign_in || state.redirect().is_some() || state.auth().session().is_ok() {
        return state;
    }
    add_redirect(context, view, state)
}

#[inline(never)]
fn add_redirect(context: &Context<'_>, view: &RequestView<'_>, state: RequestState) -> RequestState {
    let facts = Facts::of(*view);
    if !handshake::is_eligible(context, &facts) {
        return state;
    }
    let here = facts.url(context).map(ToString::to_string);
    match build_redirects(context, &facts, state.auth()).to_sign_in(here.as_deref()) {
        Ok(location) => state.with_sign_in(location),
        Err(error) => {
            tracing::warn!(target: "clerk", %error, "cannot redirect a browser to the sign-in page");
            state
        }
    }
}
