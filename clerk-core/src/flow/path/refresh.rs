//! Refreshes an expired session at the Backend API, if the browser has a refresh cookie.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::handshake;
use crate::{
    auth::{AuthState, Reason, RefreshFailure},
    backend::api::BackendError,
    base::path_segment::is_path_segment,
    flow::{
        RequestState,
        context::Context,
        need::{Answers, Decided, Need, RefreshCall},
        request::facts::Facts,
        respond::redirect_guard::trail,
        verify::{self, Expect, NotVerified, Presented},
    },
    token::{SignedToken, TokenErrorKind, Unverified},
};

/// The request's headers that Clerk gets: what it shows as the device of a session. No credential is among them.
const SENT_HEADERS: [&str; 16] = [
    "accept-language",
    "cf-connecting-ip",
    "cf-ipcity",
    "cf-ipcountry",
    "forwarded",
    "host",
    "origin",
    "sec-ch-ua",
    "sec-ch-ua-mobile",
    "sec-ch-ua-platform",
    "true-client-ip",
    "user-agent",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
];

/// Refreshes a session token that has expired, if possible; refuses any other.
pub(crate) fn refresh_or_refuse(
    context: &Context<'_>,
    facts: &Facts<'_>,
    token: &Presented<'_, '_>,
    refused: NotVerified,
    answers: &Answers,
) -> Decided<RequestState> {
    match refused {
        NotVerified::Unavailable(wait, cause) => Ok(RequestState::keys_unavailable(wait, cause, context)),
        NotVerified::Token(TokenErrorKind::Expired) => decide(context, facts, token, answers),
        NotVerified::Token(TokenErrorKind::NotActiveYet) => {
            Ok(handshake::start(context, facts, Reason::SessionTokenNotActiveYet))
        }
        NotVerified::Token(TokenErrorKind::IssuedInTheFuture) => {
            Ok(handshake::start(context, facts, Reason::SessionTokenIatInTheFuture))
        }
        // Only Clerk's origin reads the claims again, and a handshake asks it.
        NotVerified::Token(TokenErrorKind::ClaimsTooOld) => Ok(handshake::start(context, facts, refused.reason())),
        // Clerk may have left it out of this token alone. Once: the next one may lack it as well.
        NotVerified::Token(TokenErrorKind::AuthorizedPartyMissing) if !trail(context, facts).has_been_off() => {
            Ok(handshake::start(context, facts, refused.reason()))
        }
        refused => Ok(RequestState::signed_out(refused.reason(), context)),
    }
}

fn decide(
    context: &Context<'_>,
    facts: &Facts<'_>,
    token: &Presented<'_, '_>,
    answers: &Answers,
) -> Decided<RequestState> {
    let refresh = match Refresh::from_request(context, facts, token.text(context)) {
        Ok(refresh) => refresh,
        Err(failure) => return Ok(start_handshake(context, facts, failure)),
    };
    let answer = match answers.refresh(&refresh.session_id) {
        Some(answer) => answer,
        None => return Err(Box::new(Need::Refresh(refresh.into_call(context, facts)))),
    };
    let failure = match answer {
        Ok(cookies) if cookies.is_empty() => RefreshFailure::UnexpectedSdkError,
        Ok(cookies) => return accept(context, facts, &refresh.session_id, cookies, answers),
        Err(error) => {
            let failure = to_failure(error);
            tracing::debug!(target: "clerk", failure = failure.as_str(), "an expired session could not be refreshed");
            let state = start_handshake(context, facts, failure);
            // The session may be good: where a handshake cannot ask again, the client must.
            let unanswered = RequestState::unanswered(error, context).filter(|_| state.redirect().is_none());
            return Ok(unanswered.unwrap_or(state));
        }
    };
    tracing::debug!(target: "clerk", failure = failure.as_str(), "an expired session could not be refreshed");
    Ok(start_handshake(context, facts, failure))
}

fn accept(
    context: &Context<'_>,
    facts: &Facts<'_>,
    session_id: &str,
    cookies: &[String],
    answers: &Answers,
) -> Decided<RequestState> {
    let mut headers = Vec::new();
    let Some(token) = handshake::set_cookies(context, &mut headers, cookies, answers) else {
        return Ok(start_handshake(context, facts, RefreshFailure::InvalidSessionToken));
    };
    Ok(match verify::session(context, &Presented::Text(&token), Expect::Anything, answers)? {
        // Never the session of another user.
        Ok(session) if session.session_id().as_str() == session_id => {
            RequestState::new(AuthState::SignedIn(session), context).with_headers(headers)
        }
        Err(NotVerified::Unavailable(wait, cause)) => RequestState::keys_unavailable(wait, cause, context),
        Ok(_) | Err(_) => start_handshake(context, facts, RefreshFailure::InvalidSessionToken),
    })
}

/// The parts of the request that a refresh needs.
struct Refresh<'a> {
    session_id: Box<str>,
    expired_token: Cow<'a, str>,
    refresh_token: Cow<'a, str>,
    origin: String,
}

impl<'a> Refresh<'a> {
    /// `expired_token` has expired, and its signature is valid.
    fn from_request(
        context: &Context<'_>,
        facts: &'a Facts<'_>,
        expired_token: Cow<'a, str>,
    ) -> Result<Self, RefreshFailure> {
        if !facts.is_get() {
            return Err(RefreshFailure::NonEligibleNonGet);
        }
        let refresh_token = facts.refresh_cookie(context).ok_or(RefreshFailure::NonEligibleNoRefreshCookie)?;
        if !context.has_secret_key || !context.options.refresh {
            return Err(RefreshFailure::MissingApiClient);
        }
        let signed = SignedToken::parse(&expired_token).map_err(|_| RefreshFailure::DecodeFailed)?;
        let unverified = Unverified::read(&signed).map_err(|_| RefreshFailure::DecodeFailed)?;
        let session_id =
            unverified.session_id().filter(|id| is_path_segment(id)).ok_or(RefreshFailure::MissingSid)?.into();
        let url = facts.url(context).ok_or(RefreshFailure::UnexpectedBapiError)?;
        let origin = url.origin().ascii_serialization();
        Ok(Self { session_id, expired_token, refresh_token, origin })
    }

    fn into_call(self, context: &Context<'_>, facts: &Facts<'_>) -> RefreshCall {
        let header = |name: &str| Some((name.to_owned(), json!([facts.header(name)?])));
        let headers: Map<String, Value> = SENT_HEADERS.into_iter().filter_map(header).collect();
        let body = json!({
            "format": "cookie",
            "expired_token": self.expired_token,
            "refresh_token": self.refresh_token,
            "request_origin": self.origin,
            "request_headers": Value::Object(headers),
        })
        .to_string();
        RefreshCall { session_id: self.session_id, suffixed: facts.uses_suffixed_cookies(context), body }
    }
}

fn to_failure(error: &BackendError) -> RefreshFailure {
    match error {
        BackendError::Busy | BackendError::Fetch(_) => RefreshFailure::FetchError,
        BackendError::Refused { code: Some(code), .. } if &**code == "unexpected_error" => RefreshFailure::FetchError,
        BackendError::Refused { code: Some(code), .. } => RefreshFailure::from_code(code),
        BackendError::Refused { code: None, .. } | BackendError::Malformed => RefreshFailure::UnexpectedBapiError,
    }
}

/// Starts a handshake for an expired session that could not be refreshed.
fn start_handshake(context: &Context<'_>, facts: &Facts<'_>, failure: RefreshFailure) -> RequestState {
    handshake::start(context, facts, Reason::SessionTokenExpired(failure))
}
