//! An expired session is refreshed through the Backend API, where the browser holds a refresh cookie.

use serde_json::{Map, Value, json};

use super::handshake;
use crate::{
    auth::{AuthState, RefreshFailure},
    backend::api::BackendError,
    flow::{
        RequestState,
        context::Context,
        request::facts::Facts,
        session,
        step::{NeedRefresh, Purpose, Step, Verdict, verify},
    },
    token::{SignedToken, Unverified},
};

/// Asks for a refresh, if the request carries what that needs.
pub(crate) fn start(context: &Context<'_>, facts: &Facts<'_>) -> Step {
    match call(context, facts) {
        Ok(need) => Step::NeedRefresh(Box::new(need)),
        Err(failure) => session::expired(context, facts, failure),
    }
}

fn call(context: &Context<'_>, facts: &Facts<'_>) -> Result<NeedRefresh, RefreshFailure> {
    if !facts.is_get() {
        return Err(RefreshFailure::NonEligibleNonGet);
    }
    let refresh_token = facts.refresh_cookie(context).ok_or(RefreshFailure::NonEligibleNoRefreshCookie)?;
    if !context.backend || !context.options.refresh {
        return Err(RefreshFailure::MissingApiClient);
    }
    // As in Clerk's own SDK a cookie goes first, even where it was the header's token that has expired.
    let expired = facts.any_session_token(context).ok_or(RefreshFailure::MissingSid)?;
    let signed = SignedToken::parse(&expired).map_err(|_| RefreshFailure::DecodeFailed)?;
    let unverified = Unverified::read(&signed).map_err(|_| RefreshFailure::DecodeFailed)?;
    let session_id = unverified.session_id().ok_or(RefreshFailure::MissingSid)?.into();
    let url = facts.url(context).ok_or(RefreshFailure::UnexpectedBapiError)?;
    let request = facts.to_owned();
    let mut headers = Map::new();
    request.view().headers.visit_all(&mut |name, _| {
        let value = || json!([facts.header(name).unwrap_or_default()]);
        headers.entry(name).or_insert_with(value);
    });
    let body = json!({
        "format": "cookie",
        "expired_token": expired,
        "refresh_token": refresh_token,
        "request_origin": url.origin().ascii_serialization(),
        "request_headers": Value::Object(headers),
    })
    .to_string();
    let suffixed = facts.uses_suffixed(context);
    Ok(NeedRefresh { session_id, suffixed, body, request })
}

/// The Backend API's answer has arrived.
pub(crate) fn arrived(context: &Context<'_>, facts: &Facts<'_>, answer: Result<Vec<String>, BackendError>) -> Step {
    let failure = match answer {
        Ok(cookies) if cookies.is_empty() => RefreshFailure::UnexpectedSdkError,
        Ok(cookies) => {
            let mut headers = Vec::new();
            return match handshake::set_cookies(&mut headers, cookies) {
                Some(token) => verify(context, facts, &token, Purpose::Refreshed(headers)),
                None => session::expired(context, facts, RefreshFailure::InvalidSessionToken),
            };
        }
        Err(BackendError::Fetch(_)) => RefreshFailure::FetchError,
        Err(BackendError::Refused { code: Some(code), .. }) if &*code == "unexpected_error" => {
            RefreshFailure::FetchError
        }
        Err(BackendError::Refused { code: Some(code), .. }) => RefreshFailure::from_code(&code),
        Err(BackendError::Refused { code: None, .. } | BackendError::Malformed) => RefreshFailure::UnexpectedBapiError,
    };
    tracing::debug!(target: "clerk", failure = failure.as_str(), "an expired session could not be refreshed");
    session::expired(context, facts, failure)
}

/// The token that a refresh brought.
pub(crate) fn session_judged(
    context: &Context<'_>,
    facts: &Facts<'_>,
    headers: Vec<(&'static str, String)>,
    verdict: &Verdict<'_>,
) -> Step {
    match session::judge(context, verdict, context.rules.clock_skew) {
        Ok(session) => Step::Done(RequestState::new(AuthState::SignedIn(session), context).with_headers(headers)),
        Err(session::NotVerified::Token(_)) => session::expired(context, facts, RefreshFailure::InvalidSessionToken),
        Err(session::NotVerified::Unavailable(wait, cause)) => Step::Done(session::unavailable(context, wait, cause)),
    }
}
