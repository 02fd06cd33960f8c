//! What a page answers instead of a refusal while the user is signed out: a redirect to the sign-in page, or a text that
//! explains why there is none.

use super::{
    redirect_guard::{Destination, Marks, sign_in_cookie, trail},
    redirects::Redirects,
};
use crate::{
    auth::{AuthState, Denied, Reason, SessionStatus},
    base::{http_response::HttpResponse, query},
    flow::{
        RequestState,
        context::Context,
        notice::Notice,
        path::handshake,
        request::{facts::Facts, view::RequestView},
    },
};

/// The response to a signed-out user whom a page refuses.
#[derive(Debug, Clone)]
pub(crate) enum SignedOutPage {
    /// A text, where signing in again would not help.
    Explanation(String),
    /// The sign-in page's URL.
    SignIn(String),
}

impl SignedOutPage {
    pub(crate) fn to_response(&self, refusal: &Denied) -> HttpResponse {
        match self {
            Self::SignIn(location) => HttpResponse::new(307)
                .with_header("location", location.clone())
                .with_header("cache-control", "no-store")
                .with_header("set-cookie", sign_in_cookie()),
            Self::Explanation(text) => {
                let headers = refusal.headers().filter(|(name, _)| *name != "content-type");
                headers
                    .fold(HttpResponse::new(refusal.status()), |response, (name, value)| {
                        response.with_header(name, value)
                    })
                    .with_header("content-type", "text/plain; charset=utf-8")
                    .with_body(text.clone())
            }
        }
    }
}

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

/// Adds what replaces a refusal, if the user is signed out.
#[inline]
pub(crate) fn add_sign_in_redirect(context: &Context<'_>, view: &RequestView<'_>, state: RequestState) -> RequestState {
    if !context.options.sign_in || state.redirect().is_some() {
        return state;
    }
    if state.auth().is_authenticated() && view.query().is_some_and(|query| query.contains(query::REDIRECTED)) {
        return redirect_to_clean_page(context, view, state);
    }
    if state.auth().session().is_ok() {
        return state;
    }
    add_signed_out_page(context, view, state)
}

/// Redirects a user who came back from the sign-in page to the page without the marker, once the browser has shown that it
/// keeps the session.
#[cold]
fn redirect_to_clean_page(context: &Context<'_>, view: &RequestView<'_>, state: RequestState) -> RequestState {
    let facts = Facts::of(*view);
    let has_own_session = state.own_headers().is_empty() && facts.header_bytes().is_none();
    let Some(here) = facts.url(context).filter(|_| has_own_session && handshake::is_eligible(context, &facts)) else {
        return state;
    };
    // A marked handshake may have had to be repeated, and must not be forgotten.
    if trail(context, &facts).marks.handshake {
        return state;
    }
    let page = context.marker_key.mark(here.clone(), Marks::default(), context.now);
    state.with_header("location", page.into()).with_header("cache-control", "no-store".to_owned())
}

#[inline(never)]
fn add_signed_out_page(context: &Context<'_>, view: &RequestView<'_>, state: RequestState) -> RequestState {
    let facts = Facts::of(*view);
    if !handshake::is_eligible(context, &facts) {
        return state;
    }
    if state.are_redirects_stopped() {
        return with_explanation(state);
    }
    let trail = trail(context, &facts);
    let is_cured = state.reason().is_none_or(|reason| {
        // A second handshake has brought no token that this service accepts.
        reason.is_cured_by_sign_in() && !(trail.marks.handshake && matches!(reason, Reason::TokenRefused(_)))
    });
    let token_refused = matches!(state.reason(), Some(Reason::TokenRefused(_)));
    let Some(allowed) = trail.allow(Destination::SignIn { token_refused }).filter(|_| is_cured) else {
        warn_of_stop(context, &state);
        return with_explanation(state);
    };
    let here = facts.url(context).map(|here| {
        let here = if here.query().is_some_and(|query| query.contains("__clerk")) {
            handshake::without_handshake_parameters(here)
        } else {
            here.clone()
        };
        String::from(context.marker_key.mark(here, allowed.marks, context.now))
    });
    match build_redirects(context, &facts, state.auth()).to_sign_in(here.as_deref()) {
        Ok(location) => state.with_signed_out_page(SignedOutPage::SignIn(location)),
        Err(error) => {
            if let Some(left_out) = context.log_limits.admit(Notice::SignInUnknown, context.now) {
                tracing::warn!(target: "clerk", %error, left_out, "cannot redirect a browser to the sign-in page");
            }
            state
        }
    }
}

fn warn_of_stop(context: &Context<'_>, state: &RequestState) {
    if let (Some(reason), Some(left_out)) =
        (state.reason(), context.log_limits.admit(Notice::RedirectsStopped, context.now))
    {
        tracing::warn!(
            target: "clerk",
            reason = %reason,
            detail = reason.detail(),
            left_out,
            "a browser is signed out, and signing in again would not help, so it is not redirected to the sign-in page; if it has just signed in, then in most cases cookies do not reach this server, or CLERK_SIGN_IN_URL, CLERK_SECRET_KEY and CLERK_PUBLISHABLE_KEY belong to different instances",
        );
    }
}

fn with_explanation(state: RequestState) -> RequestState {
    let text = match state.reason().filter(|_| state.says_why()) {
        Some(reason) => format!(
            "Clerk: this browser is signed out, and signing in again would not help, so it is not redirected to the sign-in page.\n\nThe problem: {} ({reason}).\n",
            reason.detail()
        ),
        None => "You are signed out, and signing in again did not help.\n\nAllow cookies for this site, check that the clock of your device is right, and open the page again. If that does not help, tell the operator of this site, whose log says why.\n".to_owned(),
    };
    state.with_signed_out_page(SignedOutPage::Explanation(text))
}
