//! Machine tokens: JWTs are verified here, opaque tokens are looked up at the Backend API.

use serde_json::{Map, Value};

use crate::{
    auth::{ActIn, ApiKey, AuthState, Delegation, M2mToken, MachineData, OAuthToken, Reason},
    backend::{api::BackendError, machine_tokens::ValidToken},
    base::retry::RETRY_AFTER,
    flow::{
        RequestState,
        context::Context,
        need::{Answers, Decided, MachineTokenCall, MachineTokenReply, Need},
        notice::Notice,
        verify::{self, NotVerified},
    },
    token::{JwtProfile, SignedToken, TokenErrorKind, TokenType, Unverified, claims::audiences, is_jwt},
};

/// Registered claims; all others are the creator's custom claims.
const REGISTERED: [&str; 6] = ["iss", "sub", "exp", "nbf", "iat", "jti"];

/// The type of a machine token, by its form alone.
pub(crate) fn detect_type(context: &Context<'_>, token: &str) -> Option<TokenType> {
    match context.cached_hints(token.as_bytes()) {
        Some(hints) => hints.machine_type(),
        None => TokenType::of_machine(token),
    }
}

pub(crate) fn decide(context: &Context<'_>, kind: TokenType, token: &str, answers: &Answers) -> Decided<RequestState> {
    if is_jwt(token) { verify_jwt(context, token, answers) } else { look_up(context, kind, token, answers) }
}

/// Verifies a token in JWT form.
fn verify_jwt(context: &Context<'_>, token: &str, answers: &Answers) -> Decided<RequestState> {
    let refuse = |kind, error| Ok(refuse(context, kind, Reason::MachineTokenRefused(error)));
    // A machine prefix followed by a JWT is neither a JWT nor an opaque token.
    let malformed = || refuse(TokenType::M2mToken, TokenErrorKind::Malformed);
    let Ok(signed) = SignedToken::parse(token) else { return malformed() };
    let Ok(unverified) = Unverified::read(&signed) else { return malformed() };
    let Some(kind) = unverified.machine_type() else { return malformed() };
    if kind == TokenType::M2mToken && !unverified.allows_cat(JwtProfile::M2m) {
        return refuse(kind, TokenErrorKind::Category);
    }
    let profile = if kind == TokenType::M2mToken { JwtProfile::M2m } else { JwtProfile::OAuthAccess };
    let payload = match verify::payload(context, &unverified, profile, answers)? {
        Ok(payload) => payload,
        Err(NotVerified::Unavailable(wait, _)) => {
            let reason = Reason::MachineTokenRefused(TokenErrorKind::UnknownKeyId);
            return Ok(RequestState::new(AuthState::unavailable(reason, kind, wait), context));
        }
        Err(refused) => return refuse(kind, refused.kind()),
    };
    match serde_json::from_str(&payload)
        .map_err(|_| TokenErrorKind::Claims)
        .and_then(|claims| from_claims(kind, token, claims))
    {
        Ok(auth) => Ok(check_audience(context, auth)),
        Err(error) => refuse(kind, error),
    }
}

/// Looks up an opaque token in the cache of machine tokens, or at the Backend API.
fn look_up(context: &Context<'_>, kind: TokenType, token: &str, answers: &Answers) -> Decided<RequestState> {
    if !kind.has_opaque_form(token) {
        return Ok(refuse(context, kind, Reason::MachineTokenInvalid));
    }
    if let Some(reply) = answers.machine_token() {
        return Ok(accept_reply(context, kind, token, reply));
    }
    // Read before the look-up, so that a token that is removed from the cache meanwhile is not inserted after it.
    let generation = context.machine_tokens.map_or(0, |cache| cache.generation());
    match context.machine_tokens.and_then(|cache| cache.find(kind, token, context.now)) {
        Some(auth) => Ok(check_audience(context, auth)),
        None => Err(Box::new(Need::MachineToken(MachineTokenCall { kind, token: token.into(), generation }))),
    }
}

fn refuse(context: &Context<'_>, kind: TokenType, reason: Reason) -> RequestState {
    RequestState::signed_out_as(kind, reason, context)
}

/// Applies the Backend API's answer about a token.
fn accept_reply(context: &Context<'_>, kind: TokenType, token: &str, reply: &MachineTokenReply) -> RequestState {
    let record = match &reply.answer {
        Ok(record) => record,
        Err(BackendError::Refused { status: 404, .. }) => return refuse(context, kind, Reason::MachineTokenInvalid),
        // The secret key is wrong, not the caller's token.
        Err(BackendError::Refused { status: 401, .. }) => {
            return RequestState::new(AuthState::unavailable(Reason::SecretKeyInvalid, kind, RETRY_AFTER), context);
        }
        Err(BackendError::Refused { status: 400..=428 | 430..=499, .. }) => {
            return refuse(context, kind, Reason::MachineTokenUnavailable);
        }
        Err(error) => {
            warn_unchecked(context, kind, error);
            let unavailable = AuthState::unavailable(Reason::MachineTokenUnavailable, kind, RETRY_AFTER);
            return RequestState::new(unavailable, context);
        }
    };
    if record.subject.is_empty() {
        return refuse(context, kind, Reason::MachineTokenInvalid);
    }
    let refuses = |audiences: &[_]| !record.audiences.iter().flatten().any(|audience| audiences.contains(audience));
    if kind == TokenType::OAuthToken && context.rules.audiences.as_deref().is_some_and(refuses) {
        return refuse(context, kind, Reason::MachineTokenRefused(TokenErrorKind::Audience));
    }
    let data = MachineData {
        id: record.id.clone(),
        subject: record.subject.clone(),
        scopes: record.scopes.clone(),
        audiences: record.audiences.clone(),
        name: record.name.clone(),
        client_id: record.client_id.clone(),
        delegation: record.delegation.clone(),
        claims: record.claims.clone(),
        token: token.into(),
    };
    let auth = match kind {
        TokenType::ApiKey => AuthState::ApiKey(ApiKey::new(data)),
        TokenType::OAuthToken => AuthState::OAuthToken(OAuthToken::new(data)),
        TokenType::M2mToken | TokenType::SessionToken => AuthState::M2mToken(M2mToken::new(data)),
    };
    if let Some(cache) = context.machine_tokens {
        // By Clerk's clock, which may be ahead: the cache ends before it.
        let expiration = record.expiration.map(|end| context.rules.clock_skew.surely_valid_until(end));
        let (id, size) = (&*record.id, record.size() + token.len());
        let good = ValidToken { kind, token, id, expiration, size, generation: reply.generation };
        cache.insert(&good, auth.clone(), context.now);
    }
    check_audience(context, auth)
}

/// Says in the log that a token could not be checked. The budget has said once that it is used up, which a stranger can cause.
fn warn_unchecked(context: &Context<'_>, kind: TokenType, error: &BackendError) {
    if matches!(error, BackendError::Busy) {
        return;
    }
    if let Some(left_out) = context.log_limits.admit(Notice::MachineTokenUnchecked, context.now) {
        tracing::warn!(target: "clerk", kind = kind.as_str(), %error, left_out, "a machine token could not be checked");
    }
}

/// Accepts a valid token if its audience fits the requested resource. Runs on every request, because two resources may
/// share a cache entry.
fn check_audience(context: &Context<'_>, auth: AuthState) -> RequestState {
    match (&context.options.audience, &auth) {
        (Some(audience), AuthState::OAuthToken(token)) if !audience.admits(token.data().audiences.as_deref()) => {
            refuse(context, TokenType::OAuthToken, Reason::MachineTokenRefused(TokenErrorKind::Audience))
        }
        _ => RequestState::new(auth, context),
    }
}

fn from_claims(kind: TokenType, token: &str, claims: Map<String, Value>) -> Result<AuthState, TokenErrorKind> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let list = |name: &str| parse_scopes(claims.get(name));
    let scopes = if kind == TokenType::M2mToken {
        match list("scopes")? {
            Some(scopes) => scopes,
            // An audience that is not text grants no scope.
            None => list("aud").ok().flatten().unwrap_or_default(),
        }
    } else {
        match list("scp")? {
            Some(scopes) => scopes,
            None => list("scope")?.unwrap_or_default(),
        }
    };
    let mut data = MachineData {
        id: text("jti").into(),
        subject: text("sub").into(),
        scopes,
        audiences: audiences(claims.get("aud")),
        name: None,
        client_id: Some(text("client_id").into()),
        delegation: None,
        claims: "null".into(),
        token: token.into(),
    };
    if kind == TokenType::M2mToken {
        let custom: Map<String, Value> =
            claims.into_iter().filter(|(name, _)| !REGISTERED.contains(&&**name)).collect();
        if !custom.is_empty() {
            data.claims = Value::Object(custom).to_string().into();
        }
        return Ok(AuthState::M2mToken(M2mToken::new(data)));
    }
    data.delegation = claims.get("act").and_then(|act| Delegation::read(act, ActIn::OAuthToken));
    Ok(AuthState::OAuthToken(OAuthToken::new(data)))
}

/// Scopes as text, separated by spaces, or as a list of texts.
fn parse_scopes(claim: Option<&Value>) -> Result<Option<Vec<Box<str>>>, TokenErrorKind> {
    match claim {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.split(' ').map(Into::into).collect())),
        Some(Value::Array(list)) => {
            let texts: Option<Vec<Box<str>>> = list.iter().map(|scope| scope.as_str().map(Into::into)).collect();
            texts.map(Some).ok_or(TokenErrorKind::Claims)
        }
        Some(_) => Err(TokenErrorKind::Claims),
    }
}
