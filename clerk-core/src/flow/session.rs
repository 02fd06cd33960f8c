//! A session's way from the request to the verdict.

use std::sync::Arc;

use super::{
    RequestState,
    cache::VerifiedToken,
    context::Context,
    path::{cross_origin, handshake, machine, refresh, satellite, upgrade},
    request::{credential::Credential, facts::Facts},
    respond::request_state,
    step::{NeedHandshakePayload, Purpose, Step, Verdict, verify, verify_unless},
};
use crate::{
    auth::{AuthState, Reason, RefreshFailure, Session, SessionStatus, Unavailable},
    backend::http::FetchError,
    base::query,
    config::InstanceType,
    observe::metrics,
    token::{
        AcceptsToken, JwtProfile, TokenError, TokenErrorKind, TokenHints, TokenType, Unverified, VerifyingKey,
        rules::ClockSkew, verify::Validity,
    },
};

/// The session of a header's token that was verified before: what most requests come to, so nothing else is looked at.
///
/// A satellite has more to ask about first.
pub(super) fn at_once(context: &Context<'_>, credential: &Credential<'_>) -> Option<Session> {
    if context.options.accepts != AcceptsToken::Only(TokenType::SessionToken) || context.settings.is_satellite {
        return None;
    }
    let Credential::Token(token) = credential else { return None };
    context.known(token).filter(|(hints, _)| !hints.is_not_session_token()).map(|(_, session)| session)
}

/// Decides what can be decided without waiting.
pub(super) fn begin(context: &Context<'_>, facts: &Facts<'_>) -> Step {
    let accepts = &context.options.accepts;
    if *accepts != AcceptsToken::Only(TokenType::M2mToken) && satellite::signs_in_at_home(context, facts) {
        return Step::Done(request_state::misconfigured(Reason::SignInUrlOnSatellite, context));
    }
    if *accepts == AcceptsToken::Only(TokenType::SessionToken) {
        return if facts.header_bytes().is_some() { with_header(context, facts) } else { with_cookies(context, facts) };
    }
    let token = facts.header_token();
    if let AcceptsToken::AnyOf(_) = accepts {
        let kind = token.and_then(|token| machine_kind(context, token)).unwrap_or(TokenType::SessionToken);
        if !accepts.accepts(kind) {
            return Step::Done(RequestState::new(AuthState::signed_out(Reason::TokenTypeMismatch, None), context));
        }
    }
    match (token, accepts) {
        (Some(token), AcceptsToken::Any | AcceptsToken::AnyOf(_)) => match machine_kind(context, token) {
            Some(kind) => machine::begin(context, facts, kind, token),
            None => with_header(context, facts),
        },
        (Some(token), AcceptsToken::Only(wanted)) => match machine_kind(context, token) {
            Some(kind) if kind == *wanted => machine::begin(context, facts, kind, token),
            _ => Step::Done(of_kind(*wanted, Reason::TokenTypeMismatch, context)),
        },
        (None, AcceptsToken::Only(wanted)) => Step::Done(of_kind(*wanted, Reason::NoTokenInHeader, context)),
        (None, _) => with_cookies(context, facts),
    }
}

/// The kind of a machine's token, by its looks.
fn machine_kind(context: &Context<'_>, token: &str) -> Option<TokenType> {
    match context.cache.ask(token.as_bytes(), |found| found.token().hints.machine_type()) {
        Some(known) => known,
        None => TokenType::of_machine(token),
    }
}

fn of_kind(kind: TokenType, reason: Reason, context: &Context<'_>) -> RequestState {
    RequestState::new(AuthState::signed_out(reason, Some(kind)), context)
}

/// A token in the header that should be a session's.
fn with_header(context: &Context<'_>, facts: &Facts<'_>) -> Step {
    let of_another_kind = || Step::Done(RequestState::signed_out(Reason::TokenTypeMismatch, context));
    if let Some((hints, session)) = facts.header_bytes().and_then(|token| context.known(token)) {
        return if hints.is_not_session_token() { of_another_kind() } else { signed_in(context, session) };
    }
    // What is no token at all is left for the verification to refuse.
    let token = facts.header_token().unwrap_or_default();
    verify_unless(context, facts, token, Purpose::Header, |hints| hints.is_not_session_token().then(of_another_kind))
}

/// The cookies' way: first what a handshake left behind.
fn with_cookies(context: &Context<'_>, facts: &Facts<'_>) -> Step {
    if facts.is_upgrade() {
        return upgrade::begin(context, facts);
    }
    if context.options.pages {
        if let Some(nonce) = facts.handshake_nonce(context) {
            return Step::NeedHandshakePayload(Box::new(NeedHandshakePayload::of(facts, &nonce)));
        }
        if let Some(token) = facts.handshake_token(context) {
            return verify(context, facts, &token, Purpose::Handshake);
        }
    }
    without_handshake(context, facts)
}

/// The cookies' way when no handshake has just ended, or it ended badly.
pub(super) fn without_handshake(context: &Context<'_>, facts: &Facts<'_>) -> Step {
    let development = context.settings.instance_type() == InstanceType::Development;
    let (has_session, client_uat) = (facts.session_cookie(context).bytes().is_some(), facts.client_uat(context));
    let signed_in_somewhere = client_uat != 0.0;
    if let Some(done) = satellite::must_sync(context, facts, has_session || signed_in_somewhere) {
        return Step::Done(done);
    }
    if let Some(done) = satellite::answer(context, facts) {
        return Step::Done(done);
    }
    if development {
        let introduced = facts.query().dev_browser.is_some();
        if introduced || facts.dev_browser(context).is_none() {
            let reason = if introduced { Reason::DevBrowserSync } else { Reason::DevBrowserMissing };
            return Step::Done(handshake::start(context, facts, reason));
        }
    }
    match (has_session, signed_in_somewhere) {
        (false, false) => return Step::Done(RequestState::signed_out(Reason::SessionTokenAndUatMissing, context)),
        (true, false) => return Step::Done(handshake::start(context, facts, Reason::SessionTokenButNoClientUat)),
        (false, true) => return Step::Done(handshake::start(context, facts, Reason::ClientUatWithoutSessionToken)),
        (true, true) => {}
    }
    let refused = |hints: &TokenHints| {
        if hints.is_not_session_token() {
            return Some(Step::Done(RequestState::signed_out(Reason::TokenTypeMismatch, context)));
        }
        let outdated = hints.issued_at.is_some_and(|issued_at| issued_at < client_uat);
        outdated.then(|| Step::Done(handshake::start(context, facts, Reason::SessionTokenIatBeforeClientUat)))
    };
    match facts.known_session(context) {
        Some((hints, session)) => refused(&hints).unwrap_or_else(|| cookie_accepted(context, facts, session)),
        None => {
            let token = facts.session_cookie(context).text().unwrap_or_default();
            verify_unless(context, facts, &token, Purpose::Cookie, refused)
        }
    }
}

/// Why a session token was not accepted.
pub(crate) enum NotVerified {
    Token(TokenErrorKind),
    Unavailable(std::time::Duration, FetchError),
}

/// The session in a token whose key was looked up.
pub(super) fn judge(context: &Context<'_>, verdict: &Verdict<'_>, skew: ClockSkew) -> Result<Session, NotVerified> {
    match verdict {
        Verdict::Refused(error) => Err(NotVerified::Token(error.kind())),
        Verdict::Unavailable(wait, cause) => Err(NotVerified::Unavailable(*wait, *cause)),
        Verdict::Key(unverified, key) => {
            verified(context, unverified, key, skew).map_err(|error| NotVerified::Token(error.kind()))
        }
    }
}

/// Verifies a session token with the key that was found for it, and keeps it for the next request.
fn verified(
    context: &Context<'_>,
    unverified: &Unverified<'_>,
    key: &Arc<VerifyingKey>,
    skew: ClockSkew,
) -> Result<Session, TokenError> {
    metrics::token_cache("miss");
    let (rules, now) = (context.rules, context.now);
    let claims = unverified.verify(JwtProfile::Session, key, rules, skew, now)?;
    let session = crate::auth::session(claims, unverified.signed())?;
    context.known_header.learn(unverified.signed());
    // Forgiveness is for once.
    if skew == rules.clock_skew {
        let token = VerifiedToken {
            session: session.clone(),
            hints: unverified.hints(&context.settings.token_issuer()),
            validity: Validity::of(claims, skew),
            key: Arc::clone(key),
        };
        context.cache.insert(token, now);
    }
    Ok(session)
}

pub(super) fn bare_judged(context: &Context<'_>, verdict: &Verdict<'_>) -> Step {
    Step::Done(match judge(context, verdict, context.rules.clock_skew) {
        Ok(session) => RequestState::new(AuthState::SignedIn(session), context),
        Err(NotVerified::Token(kind)) => RequestState::signed_out(Reason::TokenRefused(kind), context),
        Err(NotVerified::Unavailable(wait, cause)) => unavailable(context, wait, cause),
    })
}

pub(super) fn header_judged(context: &Context<'_>, facts: &Facts<'_>, verdict: &Verdict<'_>) -> Step {
    match judge(context, verdict, context.rules.clock_skew) {
        Ok(session) => signed_in(context, session),
        Err(refusal) => refused(context, facts, refusal),
    }
}

pub(super) fn cookie_judged(context: &Context<'_>, facts: &Facts<'_>, verdict: &Verdict<'_>) -> Step {
    match judge(context, verdict, context.rules.clock_skew) {
        Ok(session) => cookie_accepted(context, facts, session),
        Err(refusal) => refused(context, facts, refusal),
    }
}

fn signed_in(context: &Context<'_>, session: Session) -> Step {
    Step::Done(RequestState::new(AuthState::SignedIn(session), context))
}

/// A good session token in a cookie, of which the browser's last page may still know better.
fn cookie_accepted(context: &Context<'_>, facts: &Facts<'_>, session: Session) -> Step {
    if cross_origin::came_from_elsewhere(context, facts) {
        return Step::Done(handshake::start(context, facts, Reason::PrimaryDomainCrossOriginSync));
    }
    // A session with a task left to do has no organization to speak of.
    if session.status() == SessionStatus::Active
        && let Some(handshake) = handshake::to_switch_organization(context, facts, &session)
    {
        return Step::Done(handshake);
    }
    signed_in(context, session)
}

/// A session token that is not accepted; one that has only expired may be refreshed.
fn refused(context: &Context<'_>, facts: &Facts<'_>, refusal: NotVerified) -> Step {
    let kind = match refusal {
        NotVerified::Token(kind) => kind,
        NotVerified::Unavailable(wait, cause) => return Step::Done(unavailable(context, wait, cause)),
    };
    if kind == TokenErrorKind::Expired {
        return refresh::start(context, facts);
    }
    Step::Done(match kind {
        TokenErrorKind::NotActiveYet => handshake::start(context, facts, Reason::SessionTokenNotActiveYet),
        TokenErrorKind::IssuedInTheFuture => handshake::start(context, facts, Reason::SessionTokenIatInTheFuture),
        _ => RequestState::signed_out(Reason::TokenRefused(kind), context),
    })
}

/// An expired session that stays expired.
pub(super) fn expired(context: &Context<'_>, facts: &Facts<'_>, failure: RefreshFailure) -> Step {
    Step::Done(handshake::start(context, facts, Reason::SessionTokenExpired(failure)))
}

pub(super) fn unavailable(context: &Context<'_>, wait: std::time::Duration, cause: FetchError) -> RequestState {
    RequestState::new(AuthState::Unavailable(unavailable_state(wait, cause)), context)
}

/// Nobody could tell about a session, because the keys could not be had.
pub(crate) fn unavailable_state(wait: std::time::Duration, cause: FetchError) -> Unavailable {
    let reason = match cause {
        FetchError::SecretKeyRefused => Reason::SecretKeyInvalid,
        FetchError::NoKeys | FetchError::Status(_) => Reason::KeysNotLoaded,
        FetchError::Busy
        | FetchError::Connection
        | FetchError::Foreign(_)
        | FetchError::Malformed
        | FetchError::NotYet
        | FetchError::Timeout
        | FetchError::TooLarge => Reason::Unreachable,
    };
    Unavailable::new(reason, TokenType::SessionToken, wait)
}

/// The return address without what a handshake added to it.
pub(super) fn cleaned(url: &url::Url) -> url::Url {
    query::remove(url.clone(), &[query::HANDSHAKE, query::HANDSHAKE_HELP, query::DEV_BROWSER, query::HANDSHAKE_NONCE])
}
