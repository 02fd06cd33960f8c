//! The handshake: a browser is sent to Clerk, and comes back with the cookies that it should have.

use std::time::Duration;

use serde::Deserialize;

use crate::{
    auth::{AuthState, Reason, Session},
    base::{names::cookie, query},
    config::{InstanceType, backend_api::BACKEND_API_VERSION},
    flow::{
        RequestState,
        context::Context,
        need::{Answers, Decided, Need, Notice, Verified},
        request::facts::Facts,
        respond::request_state::misconfigured,
        verify::{self, Expect, NotVerified, Presented},
    },
    token::{JwtProfile, SignedToken, TokenErrorKind, Unverified},
};

/// After this many handshakes in a row something is wrong, and one more would not help.
const MAX_REDIRECTS: f64 = 3.0;

/// How far a development machine's clock may be off for a session that Clerk has handed over this very moment.
const DEVELOPMENT_SKEW: Duration = Duration::from_secs(24 * 60 * 60);

/// More cookies than any handshake sets.
const MAX_DIRECTIVES: usize = 64;

/// Sends the browser through a handshake, if it is one that can be sent.
pub(crate) fn start(context: &Context<'_>, facts: &Facts<'_>, reason: Reason) -> RequestState {
    match eligible(context, facts).then(|| address(context, facts, &reason)).flatten() {
        Some(location) => start_at(context, facts, reason, location),
        None => RequestState::signed_out(reason, context),
    }
}

/// Sends the browser to a given place, if it is one that can be sent; the same count of redirects applies.
pub(crate) fn start_at(context: &Context<'_>, facts: &Facts<'_>, reason: Reason, location: String) -> RequestState {
    if !eligible(context, facts) {
        return RequestState::signed_out(reason, context);
    }
    let count = facts.redirect_count(context);
    if count >= MAX_REDIRECTS {
        tracing::error!(
            target: "clerk",
            reason = %reason,
            detail = reason.detail(),
            "a browser went through handshake after handshake and is still not settled, so it is treated as signed out; mostly the secret and the publishable key are of different instances, or cookies do not reach this server",
        );
        return RequestState::signed_out(reason, context).looping();
    }
    let count = format!("{}={}; SameSite=Lax; HttpOnly; Max-Age=2", cookie::REDIRECT_COUNT, count + 1.0);
    RequestState::handshake(reason, context)
        .with_header("location", location)
        .with_header("cache-control", "no-store".to_owned())
        .with_header("set-cookie", count)
}

/// Only a browser that loads a page can be sent somewhere and come back.
pub(crate) fn eligible(context: &Context<'_>, facts: &Facts<'_>) -> bool {
    if !context.options.pages || !facts.is_get() || facts.is_upgrade() {
        return false;
    }
    match facts.header("sec-fetch-dest").as_deref() {
        Some(destination) => matches!(destination, "document" | "iframe"),
        None => facts.header("accept").is_some_and(|accept| accept.starts_with("text/html")),
    }
}

/// The Frontend API's address, with everything that it wants to know.
fn address(context: &Context<'_>, facts: &Facts<'_>, reason: &Reason) -> Option<String> {
    let here = facts.url(context)?;
    let frontend_api = context.settings.frontend_api(Some(here))?;
    let base = if frontend_api.starts_with("http") { frontend_api } else { format!("https://{frontend_api}") };
    let mut url =
        url::Url::parse(&format!("{}/", base.trim_end_matches('/'))).ok()?.join("v1/client/handshake").ok()?;
    let back = query::remove(here.clone(), &[query::DEV_BROWSER, query::LEGACY_DEV_BROWSER]);
    let mut pairs = url.query_pairs_mut();
    pairs
        .append_pair("redirect_url", back.as_str())
        .append_pair("__clerk_api_version", BACKEND_API_VERSION)
        .append_pair(query::SUFFIXED_COOKIES, if facts.uses_suffixed(context) { "true" } else { "false" })
        .append_pair(query::HANDSHAKE_REASON, &reason.as_str())
        .append_pair(query::HANDSHAKE_FORMAT, "nonce");
    if let Some(token) = facts.any_session_token(context) {
        pairs.append_pair(query::SESSION, &token);
    }
    if context.settings.instance_type() == InstanceType::Development
        && let Some(dev_browser) = facts.dev_browser(context)
    {
        pairs.append_pair(query::DEV_BROWSER, &dev_browser);
    }
    let organization = context.options.organization_sync.as_ref().and_then(|sync| sync.target(here.path()));
    if let Some(target) = organization {
        pairs.append_pair("organization_id", &target.parameter());
    }
    drop(pairs);
    Some(url.into())
}

/// Starts the handshake that makes the page's organization the active one, if it is not.
pub(crate) fn switch_organization(
    context: &Context<'_>,
    facts: &Facts<'_>,
    session: &Session,
    answers: &Answers,
) -> Option<RequestState> {
    let sync = context.options.organization_sync.as_ref().filter(|_| eligible(context, facts))?;
    let organization = session.organization();
    let target = sync.target(facts.url(context)?.path())?;
    let (id, slug) = (organization.map(|o| o.id().as_str()), organization.and_then(|o| o.slug()));
    if !target.differs(id, slug) {
        return None;
    }
    if facts.redirect_count(context) >= MAX_REDIRECTS {
        if answers.first_time(Notice::OrganizationNotSwitched) {
            tracing::warn!(target: "clerk", "the page's organization could not be made the active one: in most cases the user is not a member of the organization with this id or slug");
        }
        return None;
    }
    Some(start(context, facts, Reason::ActiveOrganizationMismatch))
}

/// Completes the handshake that the browser returns from; `None` when there was none, or it failed.
pub(crate) fn complete(context: &Context<'_>, facts: &Facts<'_>, answers: &Answers) -> Decided<Option<RequestState>> {
    if let Some(nonce) = facts.handshake_nonce(context) {
        let payload = answers.handshake_payload();
        let directives = payload.ok_or_else(|| Box::new(Need::HandshakePayload(nonce.as_ref().into())))?;
        return accept(context, facts, directives, answers);
    }
    let Some(token) = facts.handshake_token(context) else { return Ok(None) };
    match verify_token(context, &token, answers)? {
        Ok(directives) => accept(context, facts, &directives, answers),
        // The browser will come back with the list.
        Err(NotVerified::Unavailable(wait, cause)) => Ok(Some(RequestState::keys_unavailable(wait, cause, context))),
        Err(refused) if context.settings.instance_type() == InstanceType::Development => {
            Ok(Some(misconfigured(Reason::HandshakeFailed(refused.kind()), context)))
        }
        Err(refused) => Ok(ignore(refused, answers)),
    }
}

/// The signed list of cookies that a handshake asks to be set.
fn verify_token(context: &Context<'_>, token: &str, answers: &Answers) -> Verified<Vec<String>> {
    #[derive(Deserialize)]
    struct Payload {
        #[serde(default)]
        handshake: serde_json::Value,
    }

    let signed = match SignedToken::parse(token) {
        Ok(signed) => signed,
        Err(error) => return Ok(Err(error.into())),
    };
    if let Err(error) = Unverified::read(&signed) {
        return Ok(Err(error.into()));
    }
    let key = match verify::key(context, signed.key_id(), answers)? {
        Ok(key) => key,
        Err(refused) => return Ok(Err(refused)),
    };
    if let Err(error) =
        JwtProfile::Handshake.check(&signed, context.rules).and_then(|()| signed.verify(&key).map(|_| ()))
    {
        return Ok(Err(error.into()));
    }
    let payload = serde_json::from_str::<Payload>(signed.verified_payload()).ok();
    let directives = payload.map(|payload| payload.handshake).unwrap_or_default();
    let directives = directives.as_array().map(Vec::as_slice).unwrap_or_default();
    Ok(Ok(directives.iter().filter_map(|directive| directive.as_str().map(str::to_owned)).collect()))
}

/// A handshake that failed is as if there had been none.
fn ignore(refused: NotVerified, answers: &Answers) -> Option<RequestState> {
    if answers.first_time(Notice::HandshakeFailed) {
        let reason = Reason::HandshakeFailed(refused.kind());
        tracing::warn!(target: "clerk", detail = reason.detail(), "a handshake failed");
    }
    None
}

/// Sets the cookies of a handshake, one `Set-Cookie` line each, and signs in with the session among them.
fn accept(
    context: &Context<'_>,
    facts: &Facts<'_>,
    directives: &[String],
    answers: &Answers,
) -> Decided<Option<RequestState>> {
    let mut headers = vec![
        ("access-control-allow-origin", "null".to_owned()),
        ("access-control-allow-credentials", "true".to_owned()),
    ];
    let token = set_cookies(&mut headers, directives, answers);
    // In development the browser brought them in the address, where they should not stay.
    if context.settings.instance_type() == InstanceType::Development
        && let Some(here) = facts.url(context)
    {
        headers.push(("location", without_handshake_parameters(here).into()));
        headers.push(("cache-control", "no-store".to_owned()));
    }
    let Some(token) = token else {
        return Ok(Some(RequestState::signed_out(Reason::SessionTokenMissing, context).with_headers(headers)));
    };
    match verify_session(context, &token, answers)? {
        Ok(session) => Ok(Some(RequestState::new(AuthState::SignedIn(session), context).with_headers(headers))),
        Err(NotVerified::Unavailable(wait, cause)) => Ok(Some(RequestState::keys_unavailable(wait, cause, context))),
        Err(refused) => Ok(ignore(refused, answers)),
    }
}

/// Verifies the session that a handshake brought. In development it accepts one whose times do not fit this machine's
/// clock, by up to a day.
fn verify_session(context: &Context<'_>, token: &str, answers: &Answers) -> Verified<Session> {
    let verified = verify::session(context, &Presented::Text(token), Expect::Anything, answers)?;
    let clock_is_off = matches!(
        verified,
        Err(NotVerified::Token(
            TokenErrorKind::Expired | TokenErrorKind::NotActiveYet | TokenErrorKind::IssuedInTheFuture
        ))
    );
    if !clock_is_off || context.settings.instance_type() != InstanceType::Development {
        return Ok(verified);
    }
    if answers.first_time(Notice::ClockOff) {
        tracing::error!(target: "clerk", "Clerk has handed over a session whose token is not of this time: this machine's clock is off; synchronise it (in development up to a day is accepted)");
    }
    verify::session_with_skew(context, token, Expect::Anything, DEVELOPMENT_SKEW.into(), answers)
}

/// Puts the directives into the answer's headers and finds the session token among them, the last one if there are
/// several. What could not stand in a header is left out.
pub(crate) fn set_cookies(
    headers: &mut Vec<(&'static str, String)>,
    directives: &[String],
    answers: &Answers,
) -> Option<String> {
    let mut token = None;
    for directive in directives.iter().take(MAX_DIRECTIVES) {
        if !directive.bytes().all(|b| b == b'\t' || (b' '..=b'~').contains(&b)) {
            if answers.first_time(Notice::CookieLeftOut) {
                tracing::warn!(target: "clerk", "left out a cookie that could not stand in a header");
            }
            continue;
        }
        let pair = directive.split(';').next().unwrap_or_default();
        if pair.starts_with(cookie::SESSION) {
            // Without a value there is a token, but none that could be good; an empty one only takes the cookie away.
            token = match pair.split('=').nth(1) {
                Some("") => None,
                value => Some(value.unwrap_or_default().to_owned()),
            };
        }
        headers.push(("set-cookie", directive.trim().to_owned()));
    }
    token
}

/// The page's address without what a handshake added to it.
fn without_handshake_parameters(url: &url::Url) -> url::Url {
    query::remove(url.clone(), &[query::HANDSHAKE, query::HANDSHAKE_HELP, query::DEV_BROWSER, query::HANDSHAKE_NONCE])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directive_cannot_break_out_of_its_header() {
        let mut headers = Vec::new();
        let token = set_cookies(
            &mut headers,
            &["a=b\r\nx: y", "__session_x=t1; Path=/", "__session=t2=z", " __client_uat=0 ", "c=\u{e9}"]
                .map(str::to_owned),
            &Answers::default(),
        );
        assert_eq!(token.as_deref(), Some("t2"));
        let names: Vec<_> = headers.iter().map(|(_, value)| value.split('=').next().unwrap()).collect();
        assert_eq!(names, ["__session_x", "__session", "__client_uat"]);
        assert_eq!(set_cookies(&mut Vec::new(), &["__session=; Max-Age=0".to_owned()], &Answers::default()), None);
    }
}
