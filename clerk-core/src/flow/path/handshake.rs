//! The handshake: redirects a browser to Clerk, which sends it back with up-to-date cookies.

use std::time::Duration;

use serde::Deserialize;

use crate::{
    auth::{AuthState, Reason, Session},
    base::{names::cookie, query, time},
    config::{InstanceType, backend_api::BACKEND_API_VERSION},
    flow::{
        RequestState,
        context::Context,
        need::{Answers, Decided, Need, Verified},
        notice::Notice,
        request::facts::Facts,
        respond::redirect_guard::{Destination, MarkerPlace, Marks, count_cookie, trail},
        verify::{self, Expect, NotVerified, Presented},
    },
    token::{
        JwtProfile, SignedToken, TokenError, TokenErrorKind, Unverified,
        claims::lenient::{Date, Issuer},
        is_opaque_text,
        verify::Validity,
    },
};

/// How far a development machine's clock may be off for a session that Clerk has just sent.
const DEVELOPMENT_SKEW: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a browser may take to return from a handshake, in seconds.
const LONGEST_RETURN: f64 = 300.0;

/// The largest cookie that browsers keep, in bytes.
const COOKIE_LIMIT: usize = 4096;

/// Limit of cookies per handshake; more than any handshake sets.
const MAX_DIRECTIVES: usize = 64;

/// Starts a handshake, if the request is eligible and one more redirect may help; otherwise signed out.
pub(crate) fn start(context: &Context<'_>, facts: &Facts<'_>, reason: Reason) -> RequestState {
    redirect(context, facts, reason, |marks, reason| handshake_url(context, facts, reason, marks))
}

/// Redirects the browser to where it gets a session, if the request is eligible and one more redirect may help.
/// `locate` makes the location; the address to return to in it has these marks.
pub(crate) fn redirect(
    context: &Context<'_>,
    facts: &Facts<'_>,
    reason: Reason,
    locate: impl FnOnce(Marks, &Reason) -> Option<String>,
) -> RequestState {
    if !is_eligible(context, facts) {
        return RequestState::signed_out(reason, context);
    }
    let trail = trail(context, facts);
    let Some(allowed) = trail.allow(Destination::Handshake) else { return stop(context, reason) };
    match locate(allowed.marks, &reason) {
        Some(location) => redirect_to(context, facts, reason, location),
        None => RequestState::signed_out(reason, context),
    }
}

/// Redirects the browser to `location`, if the request is eligible; for redirects that end by themselves.
pub(crate) fn redirect_to(context: &Context<'_>, facts: &Facts<'_>, reason: Reason, location: String) -> RequestState {
    if !is_eligible(context, facts) {
        return RequestState::signed_out(reason, context);
    }
    RequestState::handshake(reason, context)
        .with_header("location", location)
        .with_header("cache-control", "no-store".to_owned())
        .with_header("set-cookie", count_cookie(&trail(context, facts)))
}

/// Signed out, because the browser came back several times without a result.
fn stop(context: &Context<'_>, reason: Reason) -> RequestState {
    if let Some(left_out) = context.log_limits.admit(Notice::RedirectsStopped, context.now) {
        tracing::warn!(
            target: "clerk",
            reason = %reason,
            detail = reason.detail(),
            left_out,
            "a browser came back from Clerk several times without a result, so it is not redirected again; in most cases CLERK_SECRET_KEY and CLERK_PUBLISHABLE_KEY belong to different instances, this machine's clock is wrong, or cookies do not reach this server",
        );
    }
    RequestState::signed_out(reason, context).with_redirects_stopped()
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

/// The URL of the handshake at the Frontend API, with all its parameters; the address to return to has these marks.
fn handshake_url(context: &Context<'_>, facts: &Facts<'_>, reason: &Reason, marks: Marks) -> Option<String> {
    let here = facts.url(context)?;
    let frontend_api = context.settings.frontend_api(Some(here))?;
    let base = if frontend_api.starts_with("http") { frontend_api } else { format!("https://{frontend_api}") };
    let mut url =
        url::Url::parse(&format!("{}/", base.trim_end_matches('/'))).ok()?.join("v1/client/handshake").ok()?;
    // Not with the result of an earlier handshake, which would be read instead of the new one.
    let back = query::remove(without_handshake_parameters(here), &[query::LEGACY_DEV_BROWSER]);
    let back = context.marker_key.mark(back, marks, context.now);
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
    if context.settings.instance_type() == InstanceType::Development {
        if let Some(dev_browser) = facts.dev_browser(context) {
            pairs.append_pair(query::DEV_BROWSER, &dev_browser);
        }
    }
    let organization =
        context.options.organization_sync.as_ref().and_then(|sync| sync.find_target(&facts.received_path()?));
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
    let target = sync.find_target(&facts.received_path()?)?;
    let (id, slug) = (organization.map(|o| o.id().as_str()), organization.and_then(|o| o.slug()));
    if !target.needs_switch(id, slug) {
        return None;
    }
    if trail(context, facts).allow(Destination::Handshake).is_none() {
        if let Some(left_out) = context.admit_line(Notice::OrganizationNotSwitched, answers) {
            tracing::warn!(target: "clerk", left_out, "the page's organization could not be activated: in most cases the user is not a member of the organization with this id or slug");
        }
        return None;
    }
    Some(start(context, facts, Reason::ActiveOrganizationMismatch))
}

/// Completes the handshake that the browser returns from; `None` without a handshake and after a failed one.
pub(crate) fn complete(context: &Context<'_>, facts: &Facts<'_>, answers: &Answers) -> Decided<Option<RequestState>> {
    let from_query = trail(context, facts).trusts_query(context);
    // Without a secret key no nonce can be looked up.
    let nonce = facts.handshake_nonce(context, from_query).filter(|nonce| is_opaque_text(nonce));
    if let Some(nonce) = nonce.filter(|_| context.has_secret_key) {
        let answer = answers.handshake_payload();
        match answer.ok_or_else(|| Box::new(Need::HandshakePayload(nonce.as_ref().into())))? {
            Ok(directives) => return accept(context, facts, directives, answers),
            Err(error) => {
                if let Some(unavailable) = RequestState::unanswered(error, context) {
                    // The nonce is still good, and the browser sends it again.
                    if let Some(left_out) = context.admit_line(Notice::HandshakeUnanswered, answers) {
                        tracing::warn!(target: "clerk", %error, left_out, "the cookies of a handshake could not be fetched");
                    }
                    return Ok(Some(unavailable));
                }
                tracing::debug!(target: "clerk", %error, "ignored the nonce of a handshake that was used before, or is none");
            }
        }
    }
    let Some(token) = facts.handshake_token(context, from_query) else { return Ok(None) };
    match verify_token(context, &token, answers)? {
        Ok(directives) => accept(context, facts, &directives, answers),
        // The browser keeps the token and sends it again.
        Err(NotVerified::Unavailable(wait, cause)) => Ok(Some(RequestState::keys_unavailable(wait, cause, context))),
        Err(refused) => Ok(ignore_failed(context, refused, answers)),
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
    if let Err(kind) = check_age_and_issuer(context, &signed) {
        return Ok(Err(NotVerified::Token(kind)));
    }
    let payload = serde_json::from_str::<Payload>(signed.verified_payload()).ok();
    let directives = payload.map(|payload| payload.handshake).unwrap_or_default();
    let directives = directives.as_array().map(Vec::as_slice).unwrap_or_default();
    Ok(Ok(directives.iter().filter_map(|directive| directive.as_str().map(str::to_owned)).collect()))
}

/// Checks when a handshake token was made and by which instance, as far as it says so. A browser returns with it at
/// once, so an old one is a replay.
fn check_age_and_issuer(context: &Context<'_>, signed: &SignedToken<'_>) -> Result<(), TokenErrorKind> {
    let Ok(claims) = signed.claims() else { return Ok(()) };
    let among =
        |issuers: &[Box<str>]| claims.iss.text().is_some_and(|issuer| issuers.iter().any(|one| **one == *issuer));
    if claims.iss != Issuer::Absent && context.rules.issuers.as_deref().is_some_and(|issuers| !among(issuers)) {
        return Err(TokenErrorKind::Issuer);
    }
    let skew = match context.settings.instance_type() {
        InstanceType::Development => DEVELOPMENT_SKEW.into(),
        InstanceType::Production => context.rules.clock_skew,
    };
    let expires = match (claims.exp, claims.iat) {
        (Date::At(exp), Date::At(iat)) => Date::At(exp.min(iat + LONGEST_RETURN)),
        (Date::Absent, Date::At(iat)) => Date::At(iat + LONGEST_RETURN),
        (exp, _) => exp,
    };
    // A token without any date is as old as it may be.
    let expires = if matches!(expires, Date::Absent) { Date::At(time::MAX_SECONDS) } else { expires };
    Validity::from_dates(expires, claims.nbf, claims.iat, skew).check(context.now)
}

/// Logs a failed handshake and goes on as without one.
fn ignore_failed(context: &Context<'_>, refused: NotVerified, answers: &Answers) -> Option<RequestState> {
    if let Some(left_out) = context.admit_line(Notice::HandshakeFailed, answers) {
        let reason = Reason::HandshakeFailed(refused.kind());
        let problem = TokenError::new(refused.kind());
        tracing::warn!(target: "clerk", %problem, detail = reason.detail(), left_out, "a handshake failed");
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
    let mut headers = Vec::new();
    let token = set_cookies(context, &mut headers, directives, answers);
    // In development the parameters came in the URL: redirect to the page without them.
    if context.settings.instance_type() == InstanceType::Development {
        // After a redirect, a cookie that browsers drop would be missing.
        if !directives.iter().any(|directive| is_too_large(directive)) {
            redirect_to_clean_page(context, facts, &mut headers, answers);
        }
    }
    let Some(token) = token else {
        return Ok(Some(RequestState::signed_out(Reason::SessionTokenMissing, context).with_headers(headers)));
    };
    match verify_session(context, &token, answers)? {
        Ok(session) => Ok(Some(RequestState::new(AuthState::SignedIn(session), context).with_headers(headers))),
        Err(NotVerified::Unavailable(wait, cause)) => Ok(Some(RequestState::keys_unavailable(wait, cause, context))),
        Err(refused) => Ok(ignore_failed(context, refused, answers)),
    }
}

/// Redirects the browser to the page's address without the handshake's parameters. A client that keeps no cookies gets
/// the page at once: it would come back as a stranger, and start again.
fn redirect_to_clean_page(
    context: &Context<'_>,
    facts: &Facts<'_>,
    headers: &mut Vec<(&'static str, String)>,
    answers: &Answers,
) {
    if !facts.cookies(context).has_any() {
        if let Some(left_out) = context.admit_line(Notice::ClientKeepsNoCookies, answers) {
            tracing::warn!(target: "clerk", left_out, "a client came back from a handshake without the cookie that it was sent off with, so it keeps no cookies and goes through a handshake for every page: a script, a browser that blocks cookies, or a proxy that removes them");
        }
        return;
    }
    let Some(here) = facts.url(context) else { return };
    let (place, marks) = trail(context, facts).mark_clean_page();
    let (page, now) = (without_handshake_parameters(here), context.now);
    if place == MarkerPlace::Cookie && !marks.is_empty() {
        headers.push(("set-cookie", context.marker_key.cookie(&page, marks, now)));
    }
    let marks = if place == MarkerPlace::Address { marks } else { Marks::default() };
    headers.push(("location", context.marker_key.mark(page, marks, now).into()));
    headers.push(("cache-control", "no-store".to_owned()));
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
    if let Some(left_out) = context.admit_line(Notice::ClockOff, answers) {
        tracing::warn!(target: "clerk", left_out, "Clerk sent a session token that is not valid at this time: this machine's clock is wrong; synchronise it (in development up to a day is accepted)");
    }
    verify::session_with_skew(context, token, Expect::Anything, DEVELOPMENT_SKEW.into(), answers)
}

/// Adds the directives as `Set-Cookie` headers and returns the last session token among them. Skips directives that are
/// not valid header values.
pub(crate) fn set_cookies(
    context: &Context<'_>,
    headers: &mut Vec<(&'static str, String)>,
    directives: &[String],
    answers: &Answers,
) -> Option<String> {
    let mut token = None;
    for directive in directives.iter().take(MAX_DIRECTIVES) {
        if !directive.bytes().all(|b| b == b'\t' || (b' '..=b'~').contains(&b)) {
            if let Some(left_out) = context.admit_line(Notice::CookieLeftOut, answers) {
                tracing::warn!(target: "clerk", left_out, "skipped a cookie that is not a valid header value");
            }
            continue;
        }
        let pair = directive.split(';').next().unwrap_or_default();
        if is_too_large(directive) {
            warn_too_large(context, pair, answers);
        }
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

/// Says in the log that browsers drop this cookie.
fn warn_too_large(context: &Context<'_>, pair: &str, answers: &Answers) {
    if let Some(left_out) = context.admit_line(Notice::CookieTooLarge, answers) {
        let name = pair.split('=').next().unwrap_or_default();
        tracing::warn!(target: "clerk", name, bytes = pair.trim().len(), limit = COOKIE_LIMIT, left_out, "Clerk sent a cookie that is larger than browsers keep, so the user has to go through a handshake for every page: take custom claims out of the session token (Clerk dashboard, Sessions, Customize session token), and read what is long from the Backend API");
    }
}

/// Whether browsers drop the cookie: name and value have more bytes together than they keep
/// ([RFC 6265, section 6.1](https://www.rfc-editor.org/rfc/rfc6265#section-6.1)).
fn is_too_large(directive: &str) -> bool {
    directive.split(';').next().unwrap_or_default().trim().len() > COOKIE_LIMIT
}

/// The page's URL without the parameters of a handshake.
pub(crate) fn without_handshake_parameters(url: &url::Url) -> url::Url {
    query::remove(url.clone(), &[query::HANDSHAKE, query::HANDSHAKE_HELP, query::DEV_BROWSER, query::HANDSHAKE_NONCE])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directive_cannot_inject_a_header() {
        let clerk = crate::Clerk::builder().secret_key("sk_test_abcdefgh".parse().unwrap()).build().unwrap();
        let options = crate::flow::AuthenticateOptions::default();
        let context = clerk.context(&options);
        let mut headers = Vec::new();
        let token = set_cookies(
            &context,
            &mut headers,
            &["a=b\r\nx: y", "__session_x=t1; Path=/", "__session=t2=z", " __client_uat=0 ", "c=\u{e9}"]
                .map(str::to_owned),
            &Answers::default(),
        );
        assert_eq!(token.as_deref(), Some("t2"));
        let names: Vec<_> = headers.iter().map(|(_, value)| value.split('=').next().unwrap()).collect();
        assert_eq!(names, ["__session_x", "__session", "__client_uat"]);
        let empty = ["__session=; Max-Age=0".to_owned()];
        assert_eq!(set_cookies(&context, &mut Vec::new(), &empty, &Answers::default()), None);
    }
}
