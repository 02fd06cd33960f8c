//! A browser's cookies: first what a handshake left behind, then the session.

use super::{cross_origin, handshake, refresh, satellite, websocket};
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
    if facts.is_upgrade() {
        return websocket::decide(context, facts, answers);
    }
    if context.options.pages
        && let Some(state) = handshake::complete(context, facts, answers)?
    {
        return Ok(state);
    }
    without_handshake(context, facts, answers)
}

/// Decides when no handshake has just ended, or one failed.
pub(crate) fn without_handshake(context: &Context<'_>, facts: &Facts<'_>, answers: &Answers) -> Decided<RequestState> {
    let has_session = facts.session_cookie(context).bytes().is_some();
    let client_uat = facts.client_uat(context);
    let signed_in_somewhere = client_uat != 0.0;
    if let Some(state) = satellite::must_sync(context, facts, has_session || signed_in_somewhere) {
        return Ok(state);
    }
    if let Some(state) = satellite::answer(context, facts, answers) {
        return Ok(state);
    }
    if context.settings.instance_type() == InstanceType::Development {
        let introduced = facts.query().dev_browser.is_some();
        if introduced || facts.dev_browser(context).is_none() {
            let reason = if introduced { Reason::DevBrowserSync } else { Reason::DevBrowserMissing };
            return Ok(handshake::start(context, facts, reason));
        }
    }
    match (has_session, signed_in_somewhere) {
        (false, false) => Ok(RequestState::signed_out(Reason::SessionTokenAndUatMissing, context)),
        (true, false) => Ok(handshake::start(context, facts, Reason::SessionTokenButNoClientUat)),
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
    match verify::session(context, &Presented::Cookie(facts), Expect::SessionTokenSince(client_uat), answers)? {
        Ok(session) => Ok(accept(context, facts, session, answers)),
        Err(refused @ NotVerified::Outdated) => Ok(handshake::start(context, facts, refused.reason())),
        Err(refused) => refresh::or_refuse(context, facts, refused, answers),
    }
}

/// Accepts a good session token, unless the browser's last page may know a newer session or wants another organization.
fn accept(context: &Context<'_>, facts: &Facts<'_>, session: Session, answers: &Answers) -> RequestState {
    if cross_origin::came_from_elsewhere(context, facts) {
        return handshake::start(context, facts, Reason::PrimaryDomainCrossOriginSync);
    }
    // A session with a task left to do has no active organization yet.
    if session.status() == SessionStatus::Active
        && let Some(state) = handshake::switch_organization(context, facts, &session, answers)
    {
        return state;
    }
    RequestState::new(AuthState::SignedIn(session), context)
}
