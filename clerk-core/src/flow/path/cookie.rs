//! A browser's cookies: first the result of a handshake, then the session.

use super::{cross_origin, handshake, refresh, same_origin, satellite};
use crate::{
    auth::{AuthState, Reason, Session, SessionStatus},
    config::InstanceType,
    flow::{
        RequestState,
        context::Context,
        need::{Answers, Decided},
        request::facts::Facts,
        verify::{self, Expect, NotVerified, Presented},
    },
};

pub(crate) fn decide(context: &Context<'_>, facts: &Facts<'_>, answers: &Answers) -> Decided<RequestState> {
    if !same_origin::allows_cookies(context, facts) {
        let has_session = facts.session_cookie(context).bytes().is_some();
        let reason = if has_session { Reason::OriginRefused } else { Reason::SessionTokenAndUatMissing };
        return Ok(RequestState::signed_out(reason, context));
    }
    if context.options.pages {
        if let Some(state) = handshake::complete(context, facts, answers)? {
            return Ok(state);
        }
    }
    decide_by_session(context, facts, answers)
}

/// Decides by the session cookies, when no handshake has just ended or one failed.
pub(crate) fn decide_by_session(context: &Context<'_>, facts: &Facts<'_>, answers: &Answers) -> Decided<RequestState> {
    let has_session = facts.session_cookie(context).bytes().is_some();
    let client_uat = facts.client_uat(context);
    let signed_in_somewhere = client_uat != 0.0;
    if let Some(state) = satellite::start_sync(context, facts, has_session || signed_in_somewhere) {
        return Ok(state);
    }
    if let Some(state) = satellite::respond_to_satellite(context, facts, answers) {
        return Ok(state);
    }
    if context.settings.instance_type() == InstanceType::Development {
        let has_dev_browser_parameter = facts.query().dev_browser.is_some();
        if has_dev_browser_parameter || facts.dev_browser(context).is_none() {
            let reason = if has_dev_browser_parameter { Reason::DevBrowserSync } else { Reason::DevBrowserMissing };
            return Ok(handshake::start(context, facts, reason));
        }
    }
    match (has_session, signed_in_somewhere) {
        (false, false) => Ok(RequestState::signed_out(Reason::SessionTokenAndUatMissing, context)),
        (true, false) => match handshake::start(context, facts, Reason::SessionTokenButNoClientUat) {
            // Some browsers drop `__client_uat` of a redirect. The session that they keep is as good as in a header.
            state if state.are_redirects_stopped() => {
                let verified = verify_session(context, facts, 0.0, answers)?;
                Ok(if matches!(verified.auth(), AuthState::SignedOut(_)) { state } else { verified })
            }
            state => Ok(state),
        },
        (false, true) => Ok(handshake::start(context, facts, Reason::ClientUatWithoutSessionToken)),
        (true, true) => verify_session(context, facts, client_uat, answers),
    }
}

fn verify_session(
    context: &Context<'_>,
    facts: &Facts<'_>,
    client_uat: f64,
    answers: &Answers,
) -> Decided<RequestState> {
    let token = Presented::Cookie(facts);
    match verify::session(context, &token, Expect::SessionTokenSince(client_uat), answers)? {
        Ok(session) => Ok(accept(context, facts, session, answers)),
        Err(refused @ NotVerified::Outdated) => Ok(handshake::start(context, facts, refused.reason())),
        Err(refused) => refresh::refresh_or_refuse(context, facts, &token, refused, answers),
    }
}

/// Accepts a valid session token, unless the browser comes from another origin or the page needs another organization:
/// both need a handshake.
fn accept(context: &Context<'_>, facts: &Facts<'_>, session: Session, answers: &Answers) -> RequestState {
    if cross_origin::is_cross_origin_navigation(context, facts) {
        return handshake::start(context, facts, Reason::PrimaryDomainCrossOriginSync);
    }
    // A session with a task left to do has no active organization yet.
    if session.status() == SessionStatus::Active {
        if let Some(state) = handshake::switch_organization(context, facts, &session, answers) {
            return state;
        }
    }
    RequestState::new(AuthState::SignedIn(session), context)
}
