//! Refreshes an expired session at the Backend API, if the browser has a refresh cookie.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::handshake;
use crate::{
    auth::{AuthState, Reason, RefreshFailure},
    backend::api::BackendError,
    flow::{
        RequestState,
        context::Context,
        need::{Answers, Decided, Need, RefreshCall},
        request::facts::Facts,
        verify::{self, Expect, NotVerified, Presented},
    },
    token::{SignedToken, TokenErrorKind, Unverified},
};

/// Refreshes a session token that has expired, if possible; refuses any other.
pub(crate) fn refresh_or_refuse(
    context: &Context<'_>,
    facts: &Facts<'_>,
    refused: NotVerified,
    answers: &Answers,
) -> Decided<RequestState> {
    match refused {
        NotVerified::Unavailable(wait, cause) => Ok(RequestState::keys_unavailable(wait, cause, context)),
        NotVerified::Token(TokenErrorKind::Expired) => decide(context, facts, answers),
        NotVerified::Token(TokenErrorKind::NotActiveYet) => {
            Ok(handshake::start(context, facts, Reason::SessionTokenNotActiveYet))
        }
        NotVerified::Token(TokenErrorKind::IssuedInTheFuture) => {
            Ok(handshake::start(context, facts, Reason::SessionTokenIatInTheFuture))
        }
        // Only Clerk's origin reads the claims again, and a handshake asks it.
        NotVerified::Token(TokenErrorKind::ClaimsTooOld) => Ok(handshake::start(context, facts, refused.reason())),
        refused => Ok(RequestState::signed_out(refused.reason(), context)),
    }
}

fn decide(context: &Context<'_>, facts: &Facts<'_>, answers: &Answers) -> Decided<RequestState> {
    let refresh = match Refresh::from_request(context, facts) {
        Ok(refresh) => refresh,
        Err(failure) => return Ok(start_handshake(context, facts, failure)),
    };
    let answer = match answers.refresh(&refresh.session_id) {
        Some(answer) => answer,
        None => return Err(Box::new(Need::Refresh(refresh.into_call(context, facts)))),
    };
    let failure = match answer {
        Ok(cookies) if cookies.is_empty() => RefreshFailure::UnexpectedSdkError,
        Ok(cookies) => return accept(context, facts, cookies, answers),
        Err(error) => to_failure(error),
    };
    tracing::debug!(target: "clerk", failure = failure.as_str(), "an expired session could not be refreshed");
    Ok(start_handshake(context, facts, failure))
}

fn accept(context: &Context<'_>, facts: &Facts<'_>, cookies: &[String], answers: &Answers) -> Decided<RequestState> {
    let mut headers = Vec::new();
    let Some(token) = handshake::set_cookies(&mut headers, cookies, answers) else {
        return Ok(start_handshake(context, facts, RefreshFailure::InvalidSessionToken));
    };
    Ok(match verify::session(context, &Presented::Text(&token), Expect::Anything, answers)? {
        Ok(session) => RequestState::new(AuthState::SignedIn(session), context).with_headers(headers),
        Err(NotVerified::Unavailable(wait, cause)) => RequestState::keys_unavailable(wait, cause, context),
        Err(_) => start_handshake(context, facts, RefreshFailure::InvalidSessionToken),
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
    fn from_request(context: &Context<'_>, facts: &'a Facts<'_>) -> Result<Self, RefreshFailure> {
        if !facts.is_get() {
            return Err(RefreshFailure::NonEligibleNonGet);
        }
        let refresh_token = facts.refresh_cookie(context).ok_or(RefreshFailure::NonEligibleNoRefreshCookie)?;
        if !context.has_secret_key || !context.options.refresh {
            return Err(RefreshFailure::MissingApiClient);
        }
        // As in Clerk's own SDKs the cookie goes first, even if the header's token has expired.
        let expired_token = facts.any_session_token(context).ok_or(RefreshFailure::MissingSid)?;
        let signed = SignedToken::parse(&expired_token).map_err(|_| RefreshFailure::DecodeFailed)?;
        let unverified = Unverified::read(&signed).map_err(|_| RefreshFailure::DecodeFailed)?;
        let session_id = unverified.session_id().ok_or(RefreshFailure::MissingSid)?.into();
        let url = facts.url(context).ok_or(RefreshFailure::UnexpectedBapiError)?;
        let origin = url.origin().ascii_serialization();
        Ok(Self { session_id, expired_token, refresh_token, origin })
    }

    fn into_call(self, context: &Context<'_>, facts: &Facts<'_>) -> RefreshCall {
        let request = facts.to_owned_request();
        let mut headers = Map::new();
        request.view().headers.visit_all(&mut |name, _| {
            let value = || json!([facts.header(name).unwrap_or_default()]);
            headers.entry(name).or_insert_with(value);
        });
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
