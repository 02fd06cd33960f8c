//! Callers that are no browsers: tokens in JWT form are verified here, others are looked up.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::{
    auth::{ApiKey, AuthState, M2mToken, MachineData, OAuthToken, Reason},
    backend::{
        api::{BackendError, MachineTokenRecord},
        http::FetchError,
        machine_tokens::ValidToken,
    },
    flow::{
        RequestState,
        context::Context,
        request::facts::Facts,
        step::{NeedMachineToken, Purpose, Step, Verdict, verify},
    },
    token::{TokenErrorKind, TokenType, claims::audiences, is_jwt, verify::Kind},
};

/// How long a caller should wait before it tries again when the Backend API did not answer.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Claims that are the token's own and none of its creator's.
const REGISTERED: [&str; 6] = ["iss", "sub", "exp", "nbf", "iat", "jti"];

pub(crate) fn begin(context: &Context<'_>, facts: &Facts<'_>, kind: TokenType, token: &str) -> Step {
    if is_jwt(token) {
        // A prefix in front of three dotted parts is no JWT, and says nothing that could be looked up either.
        let glance = context.glance(token);
        return match glance.and_then(|glance| glance.machine) {
            Some(TokenType::M2mToken) if !glance.is_some_and(|glance| glance.category.may_be_machine()) => {
                let reason = Reason::MachineTokenRefused(TokenErrorKind::Category);
                Step::Done(signed_out(context, TokenType::M2mToken, reason))
            }
            Some(kind) => verify(context, facts, token, Purpose::Machine(kind)),
            None => {
                let reason = Reason::MachineTokenRefused(TokenErrorKind::Malformed);
                Step::Done(signed_out(context, TokenType::M2mToken, reason))
            }
        };
    }
    let Some(cache) = context.machine_tokens else { return look_up(kind, token, 0) };
    // Before the look-up: what is forgotten while it is under way is not remembered after it.
    let generation = cache.generation();
    match cache.find(kind, token, context.now) {
        Some(auth) => Step::Done(for_us(context, auth)),
        None => look_up(kind, token, generation),
    }
}

fn look_up(kind: TokenType, token: &str, generation: u64) -> Step {
    Step::NeedMachineToken(Box::new(NeedMachineToken { kind, token: token.into(), generation }))
}

fn signed_out(context: &Context<'_>, kind: TokenType, reason: Reason) -> RequestState {
    RequestState::new(AuthState::signed_out(reason, Some(kind)), context)
}

/// A token in JWT form whose key was looked up.
pub(crate) fn judged(context: &Context<'_>, kind: TokenType, verdict: &Verdict<'_>) -> RequestState {
    let (unverified, key) = match verdict {
        Verdict::Refused(error) => return signed_out(context, kind, Reason::MachineTokenRefused(error.kind())),
        Verdict::Unavailable(wait, cause) => return unavailable(context, kind, *wait, *cause),
        Verdict::Key(unverified, key) => (unverified, *key),
    };
    let as_kind = if kind == TokenType::M2mToken { Kind::Machine } else { Kind::OAuthAccess };
    let signed = unverified.signed();
    let claims = unverified
        .verified(as_kind, key, context.rules, context.rules.clock_skew, context.now)
        .map_err(|error| error.kind())
        .and_then(|_| serde_json::from_str(signed.verified_payload()).map_err(|_| TokenErrorKind::Claims));
    match claims.and_then(|claims| from_claims(kind, signed.text(), claims)) {
        Ok(auth) => for_us(context, auth),
        Err(refused) => signed_out(context, kind, Reason::MachineTokenRefused(refused)),
    }
}

fn from_claims(kind: TokenType, token: &str, claims: Map<String, Value>) -> Result<AuthState, TokenErrorKind> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let list = |name: &str| scopes(claims.get(name));
    let scopes = if kind == TokenType::M2mToken {
        match list("scopes")? {
            Some(scopes) => scopes,
            // An audience that is no text grants nothing.
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
        claims: "null".into(),
        token: token.into(),
    };
    if kind == TokenType::M2mToken {
        let own: Map<String, Value> = claims.into_iter().filter(|(name, _)| !REGISTERED.contains(&&**name)).collect();
        if !own.is_empty() {
            data.claims = Value::Object(own).to_string().into();
        }
        return Ok(AuthState::M2mToken(M2mToken::new(data)));
    }
    Ok(AuthState::OAuthToken(OAuthToken::new(data)))
}

/// Words between blanks, or a list of them; anything else is no list of scopes.
fn scopes(claim: Option<&Value>) -> Result<Option<Vec<Box<str>>>, TokenErrorKind> {
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

/// What the Backend API says about a token.
pub(crate) fn looked_up(
    context: &Context<'_>,
    need: &NeedMachineToken,
    answer: Result<MachineTokenRecord, BackendError>,
) -> RequestState {
    let NeedMachineToken { kind, token, generation } = need;
    let kind = *kind;
    let answer = match answer {
        Ok(answer) => answer,
        Err(BackendError::Refused { status: 404, .. }) => {
            return signed_out(context, kind, Reason::MachineTokenInvalid);
        }
        // The caller's token may well be good: it is our key that is not.
        Err(BackendError::Refused { status: 401, .. }) => {
            return RequestState::new(AuthState::unavailable(Reason::SecretKeyInvalid, kind, RETRY_AFTER), context);
        }
        Err(BackendError::Refused { status: 400..=428 | 430..=499, .. }) => {
            return signed_out(context, kind, Reason::MachineTokenUnavailable);
        }
        Err(error) => {
            tracing::warn!(target: "clerk", kind = kind.as_str(), %error, "a machine token could not be checked");
            let unavailable = AuthState::unavailable(Reason::MachineTokenUnavailable, kind, RETRY_AFTER);
            return RequestState::new(unavailable, context);
        }
    };
    // Clerk's own SDK does not look at the two flags.
    if answer.revoked || answer.expired || answer.subject.is_empty() {
        return signed_out(context, kind, Reason::MachineTokenInvalid);
    }
    if kind == TokenType::OAuthToken
        && let Some(audiences) = context.rules.audiences.as_deref()
        && !answer.audiences.iter().flatten().any(|audience| audiences.contains(audience))
    {
        return signed_out(context, kind, Reason::MachineTokenRefused(TokenErrorKind::Audience));
    }
    let (id, size) = (answer.id.clone(), answer.size() + token.len());
    let data = MachineData {
        id: answer.id,
        subject: answer.subject,
        scopes: answer.scopes,
        audiences: answer.audiences,
        name: answer.name,
        client_id: answer.client_id,
        claims: answer.claims,
        token: token.clone(),
    };
    let auth = match kind {
        TokenType::ApiKey => AuthState::ApiKey(ApiKey::new(data)),
        TokenType::OAuthToken => AuthState::OAuthToken(OAuthToken::new(data)),
        TokenType::M2mToken | TokenType::SessionToken => AuthState::M2mToken(M2mToken::new(data)),
    };
    if let Some(cache) = context.machine_tokens {
        let good = ValidToken { kind, token, id: &id, expiration: answer.expiration, size, generation: *generation };
        cache.insert(&good, auth.clone(), context.now);
    }
    for_us(context, auth)
}

/// The state of somebody whose token is good, if it is meant for the resource that was asked for. Judged each time, as
/// two resources may share what was looked up.
fn for_us(context: &Context<'_>, auth: AuthState) -> RequestState {
    if let (Some(audience), AuthState::OAuthToken(token)) = (&context.options.audience, &auth)
        && !audience.admits(token.data().audiences.as_deref())
    {
        return signed_out(context, TokenType::OAuthToken, Reason::MachineTokenRefused(TokenErrorKind::Audience));
    }
    RequestState::new(auth, context)
}

fn unavailable(context: &Context<'_>, kind: TokenType, wait: Duration, _: FetchError) -> RequestState {
    let refused = Reason::MachineTokenRefused(TokenErrorKind::UnknownKeyId);
    RequestState::new(AuthState::unavailable(refused, kind, wait), context)
}
