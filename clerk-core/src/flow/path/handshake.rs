//! The handshake: redirects a browser to Clerk, which sends it back with up-to-date cookies.

use std::time::Duration;

use serde::Deserialize;

use crate::{
    auth::{AuthState, Reason, Session},
    backend::api::BackendError,
    base::{names::cookie, query, retry::RETRY_AFTER},
    config::{InstanceType, backend_api::BACKEND_API_VERSION},
    flow::{
        RequestState,
        context::Context,
        need::{Answers, Decided, Need, Notice, Verified},
        request::facts::Facts,
        respond::request_state::misconfigured,
        verify::{self, Expect, NotVerified, Presented},
    },
    token::{JwtProfile, SignedToken, TokenErrorKind, TokenType, Unverified, is_opaque_text},
};

/// After this many handshakes in a row the loop is stopped: one more would not help.
const MAX_REDIRECTS: f64 = 3.0;

/// How far a development machine's clock may be off for a session that Clerk has just sent.
const DEVELOPMENT_SKEW: Duration = Duration::from_secs(24 * 60 * 60);

/// Limit of cookies per handshake; more than any handshake sets.
const MAX_DIRECTIVES: usize = 64;

/// Starts a handshake, if the request is eligible; otherwise signed out.
pub(crate) fn start(context: &Context<'_>, facts: &Facts<'_>, reason: Reason) -> RequestState {
    match is_eligible(context, facts).then(|| handshake_url(context, facts, &reason)).flatten() {
        Some(location) => redirect_to(context, facts, reason, location),
        None => RequestState::signed_out(reason, context),
    }
}

/// Redirects the browser to `location`, if the request is eligible. The limit of handshakes in a row applies here, too.
pub(crate) fn redirect_to(context: &Context<'_>, facts: &Facts<'_>, reason: Reason, location: String) -> RequestState {
    if !is_eligible(context, facts) {
        return RequestState::signed_out(reason, context);
    }
    let count = facts.redirect_count(context);
    if count >= MAX_REDIRECTS {
        tracing::error!(
            target: "clerk",
            reason = %reason,
            detail = reason.detail(),
            "a browser went through several handshakes in a row without a result, so the user is treated as signed out; in most cases the secret key and the publishable key belong to different instances, or cookies do not reach this server",
        );
        return RequestState::signed_out(reason, context).with_handshake_loop();
    }
    let count = format!("{}={}; SameSite=Lax; HttpOnly; Max-Age=2", cookie::REDIRECT_COUNT, count + 1.0);
    RequestState::handshake(reason, context)
        .with_header("location", location)
        .with_header("cache-control", "no-store".to_owned())
        .with_header("set-cookie", count)
}

/// Whether the request can be redirected and come back: only a page load can.
pub(crate) fn is_eligible(context: &Context<'_>, facts: &Facts<'_>) -> bool {
    if !context.options.pages || !facts.is_get() || facts.is_upgrade() {
        return false;
    }
    match facts.header("sec-fetch-dest").as_deref() {
        Some(destination) => matches!(destination, "document" | "iframe"),
        None => facts.header("accept").is_some_and(|accept| accept.starts_with("text/html")),
    }
}

/// The URL of the handshake at the Frontend API, with all its parameters.
fn handshake_url(context: &Context<'_>, facts: &Facts<'_>, reason: &Reason) -> Option<String> {
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
        .append_pair(query::SUFFIXED_COOKIES, if facts.uses_suffixed_cookies(context) { "true" } else { "false" })
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
    let organization = context.options.organization_sync.as_ref().and_then(|sync| sync.find_target(here.path()));
    if let Some(target) = organization {
        pairs.append_pair("organization_id", &target.organization_id_parameter());
    }
    drop(pairs);
    Some(url.into())
}

/// Starts the handshake that activates the page's organization, if another one is active.
pub(crate) fn switch_organization(
    context: &Context<'_>,
    facts: &Facts<'_>,
    session: &Session,
    answers: &Answers,
) -> Option<RequestState> {
    let sync = context.options.organization_sync.as_ref().filter(|_| is_eligible(context, facts))?;
    let organization = session.organization();
    let target = sync.find_target(facts.url(context)?.path())?;
    let (id, slug) = (organization.map(|o| o.id().as_str()), organization.and_then(|o| o.slug()));
    if !target.needs_switch(id, slug) {
        return None;
    }
    if facts.redirect_count(context) >= MAX_REDIRECTS {
        if answers.is_first_notice(Notice::OrganizationNotSwitched) {
            tracing::warn!(target: "clerk", "the page's organization could not be activated: in most cases the user is not a member of the organization with this id or slug");
        }
        return None;
    }
    Some(start(context, facts, Reason::ActiveOrganizationMismatch))
}

/// Completes the handshake that the browser returns from; `None` without a handshake and after a failed one.
pub(crate) fn complete(context: &Context<'_>, facts: &Facts<'_>, answers: &Answers) -> Decided<Option<RequestState>> {
    if let Some(nonce) = facts.handshake_nonce(context).filter(|nonce| is_opaque_text(nonce)) {
        let answer = answers.handshake_payload();
        let directives = match answer.ok_or_else(|| Box::new(Need::HandshakePayload(nonce.as_ref().into())))? {
            Ok(directives) => directives.as_slice(),
            // The call was not made, so the nonce is still good.
            Err(BackendError::Busy) => {
                let busy = AuthState::unavailable(Reason::Unreachable, TokenType::SessionToken, RETRY_AFTER);
                return Ok(Some(RequestState::new(busy, context)));
            }
            Err(_) => &[],
        };
        return accept(context, facts, directives, answers);
    }
    let Some(token) = facts.handshake_token(context) else { return Ok(None) };
    match verify_token(context, &token, answers)? {
        Ok(directives) => accept(context, facts, &directives, answers),
        // The browser keeps the token and sends it again.
        Err(NotVerified::Unavailable(wait, cause)) => Ok(Some(RequestState::keys_unavailable(wait, cause, context))),
        Err(refused) if context.settings.instance_type() == InstanceType::Development => {
            Ok(Some(misconfigured(Reason::HandshakeFailed(refused.kind()), context)))
        }
        Err(refused) => Ok(ignore_failed(refused, answers)),
    }
}

/// Verifies the signed list of cookies that a handshake sets.
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

/// Logs a failed handshake and goes on as without one.
fn ignore_failed(refused: NotVerified, answers: &Answers) -> Option<RequestState> {
    if answers.is_first_notice(Notice::HandshakeFailed) {
        let reason = Reason::HandshakeFailed(refused.kind());
        tracing::warn!(target: "clerk", detail = reason.detail(), "a handshake failed");
    }
    None
}

/// Sets the cookies of a handshake, one `Set-Cookie` line each, and verifies the session token among them.
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
    // In development the parameters came in the URL: redirect to the page without them.
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
        Err(refused) => Ok(ignore_failed(refused, answers)),
    }
}

/// Verifies the session of a handshake. In development its times may differ from this machine's clock by up to a day.
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
    if answers.is_first_notice(Notice::ClockOff) {
        tracing::error!(target: "clerk", "Clerk sent a session token that is not valid at this time: this machine's clock is wrong; synchronise it (in development up to a day is accepted)");
    }
    verify::session_with_skew(context, token, Expect::Anything, DEVELOPMENT_SKEW.into(), answers)
}

/// Adds the directives as `Set-Cookie` headers and returns the last session token among them. Skips directives that are
/// not valid header values.
pub(crate) fn set_cookies(
    headers: &mut Vec<(&'static str, String)>,
    directives: &[String],
    answers: &Answers,
) -> Option<String> {
    let mut token = None;
    for directive in directives.iter().take(MAX_DIRECTIVES) {
        if !directive.bytes().all(|b| b == b'\t' || (b' '..=b'~').contains(&b)) {
            if answers.is_first_notice(Notice::CookieLeftOut) {
                tracing::warn!(target: "clerk", "skipped a cookie that is not a valid header value");
            }
            continue;
        }
        let pair = directive.split(';').next().unwrap_or_default();
        if pair.starts_with(cookie::SESSION) {
            // A cookie without `=` counts as an invalid token; an empty value only deletes the cookie.
            token = match pair.split('=').nth(1) {
                Some("") => None,
                value => Some(value.unwrap_or_default().to_owned()),
            };
        }
        headers.push(("set-cookie", directive.trim().to_owned()));
    }
    token
}

/// The page's URL without the parameters of a handshake.
fn without_handshake_parameters(url: &url::Url) -> url::Url {
    query::remove(url.clone(), &[query::HANDSHAKE, query::HANDSHAKE_HELP, query::DEV_BROWSER, query::HANDSHAKE_NONCE])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directive_cannot_inject_a_header() {
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
