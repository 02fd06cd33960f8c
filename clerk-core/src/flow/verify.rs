//! Verifies tokens for the flow: looks into the token cache and chooses the key.

use std::{borrow::Cow, sync::Arc, time::Duration};

use super::{
    cache::VerifiedToken,
    context::{Context, Keys},
    need::{Answers, Need, Verified},
    notice::Notice,
    request::facts::Facts,
};
use crate::{
    auth::{self, Reason, Session, Unavailable},
    backend::{http::FetchError, jwks::KeyLookup},
    config::env,
    observe::metrics,
    token::{
        JwtProfile, SignedToken, TokenError, TokenErrorKind, TokenHints, TokenType, Unverified, VerifyingKey,
        rules::ClockSkew, verify::Validity,
    },
};

/// Where a request presents a session token.
pub(crate) enum Presented<'f, 'r> {
    /// In the `Authorization` header.
    Header(&'f Facts<'r>),
    /// In the session cookie.
    Cookie(&'f Facts<'r>),
    /// Elsewhere.
    Text(&'f str),
}

/// What a token's hints must say before its key is looked up.
#[derive(Clone, Copy)]
pub(crate) enum Expect {
    /// Nothing.
    Anything,
    /// A session token.
    SessionToken,
    /// A session token issued at this Unix time, in seconds, or later.
    SessionTokenSince(f64),
}

/// Why a token was not verified.
#[derive(Debug, Clone, Copy)]
pub(crate) enum NotVerified {
    /// It is a token of another kind than a session token.
    AnotherKind,
    /// It was issued before the browser last signed in or out.
    Outdated,
    /// It is invalid.
    Token(TokenErrorKind),
    /// Its key is unavailable for this long, for this reason.
    Unavailable(Duration, FetchError),
}

impl Presented<'_, '_> {
    /// The token's session, if the cache has it and it is still valid.
    fn cached_session(&self, context: &Context<'_>) -> Option<(TokenHints, Session)> {
        match self {
            Self::Header(facts) => context.cached_session(facts.header_bytes()?),
            Self::Cookie(facts) => facts.cached_session(context),
            Self::Text(token) => context.cached_session(token.as_bytes()),
        }
    }

    /// The token as text; without a token, an empty text, which is refused.
    pub(crate) fn text<'t>(&'t self, context: &Context<'_>) -> Cow<'t, str> {
        match self {
            Self::Header(facts) => Cow::Borrowed(facts.header_token().unwrap_or_default()),
            Self::Cookie(facts) => facts.session_cookie(context).text().unwrap_or_default(),
            Self::Text(token) => Cow::Borrowed(token),
        }
    }
}

impl Expect {
    fn check(self, hints: &TokenHints) -> Result<(), NotVerified> {
        match self {
            Self::Anything => Ok(()),
            Self::SessionToken | Self::SessionTokenSince(_) if hints.is_not_session_token() => {
                Err(NotVerified::AnotherKind)
            }
            Self::SessionTokenSince(since) if hints.issued_at.is_some_and(|issued_at| issued_at < since) => {
                Err(NotVerified::Outdated)
            }
            Self::SessionToken | Self::SessionTokenSince(_) => Ok(()),
        }
    }
}

impl NotVerified {
    /// The reason for the request's state.
    pub(crate) fn reason(self) -> Reason {
        match self {
            Self::AnotherKind => Reason::TokenTypeMismatch,
            Self::Outdated => Reason::SessionTokenIatBeforeClientUat,
            Self::Token(kind) => Reason::TokenRefused(kind),
            Self::Unavailable(_, cause) => keys_unavailable(cause),
        }
    }

    /// What is wrong with the token.
    pub(crate) fn kind(self) -> TokenErrorKind {
        match self {
            Self::AnotherKind => TokenErrorKind::Category,
            Self::Outdated => TokenErrorKind::Expired,
            Self::Token(kind) => kind,
            Self::Unavailable(..) => TokenErrorKind::UnknownKeyId,
        }
    }

    /// The state of a request while the keys are unavailable.
    pub(crate) fn unavailable(wait: Duration, cause: FetchError) -> Unavailable {
        Unavailable::new(keys_unavailable(cause), TokenType::SessionToken, wait)
    }
}

impl From<TokenError> for NotVerified {
    fn from(error: TokenError) -> Self {
        Self::Token(error.kind())
    }
}

/// A cached session token's session, if it is still valid.
pub(crate) fn cached_session(context: &Context<'_>, token: &[u8], answers: &Answers) -> Option<Session> {
    let (hints, session) = context.cached_session(token)?;
    if hints.is_not_session_token() {
        return None;
    }
    count_lookup(answers, "hit");
    Some(session)
}

/// Verifies a session token, unless the cache has it.
pub(crate) fn session(
    context: &Context<'_>,
    token: &Presented<'_, '_>,
    expect: Expect,
    answers: &Answers,
) -> Verified<Session> {
    if let Some((hints, session)) = token.cached_session(context) {
        count_lookup(answers, "hit");
        return Ok(expect.check(&hints).map(|()| session));
    }
    session_with_skew(context, &token.text(context), expect, context.rules.clock_skew, answers)
}

/// Verifies a session token with another clock skew than the configured one.
pub(crate) fn session_with_skew(
    context: &Context<'_>,
    token: &str,
    expect: Expect,
    skew: ClockSkew,
    answers: &Answers,
) -> Verified<Session> {
    let signed = match SignedToken::parse(token) {
        Ok(signed) => signed,
        Err(error) => return Ok(Err(error.into())),
    };
    let unverified = match Unverified::read(&signed) {
        Ok(unverified) => unverified,
        Err(error) => return Ok(Err(error.into())),
    };
    let hints = unverified.hints(&context.settings.token_issuer());
    if let Err(refused) = expect.check(&hints) {
        return Ok(Err(refused));
    }
    if !unverified.allows_cat(JwtProfile::Template) {
        return Ok(Err(NotVerified::Token(TokenErrorKind::Category)));
    }
    let key = match key(context, unverified.key_id(), answers)? {
        Ok(key) => key,
        Err(refused) => return Ok(Err(refused)),
    };
    count_lookup(answers, "miss");
    let verified = verify_and_cache(context, &unverified, hints, key, skew);
    if let Err(error) = &verified {
        warn_of_settings(context, &unverified, error, answers);
    }
    Ok(verified.map_err(NotVerified::from))
}

/// Finds a token's key by its `kid`.
pub(crate) fn key(context: &Context<'_>, kid: Option<&str>, answers: &Answers) -> Verified<Arc<VerifyingKey>> {
    let store = match context.keys {
        Keys::None => return Ok(Err(NotVerified::Token(TokenErrorKind::NoKeySource))),
        Keys::Fixed(key) => return Ok(Ok(Arc::clone(key))),
        Keys::Remote(store) => store,
    };
    // No key has an empty `kid`, so a token without one is handled like one with an unknown `kid`.
    let name = kid.unwrap_or_default();
    let looked_up;
    let answer = match answers.key(name) {
        Some(answer) => answer,
        None => {
            looked_up = store.look_up(name, context.now).ok_or_else(|| Box::new(Need::Key(name.into())))?;
            &looked_up
        }
    };
    Ok(match answer {
        KeyLookup::Key(key) => Ok(Arc::clone(key)),
        KeyLookup::Unknown if kid.is_none() => Err(NotVerified::Token(TokenErrorKind::MissingKeyId)),
        KeyLookup::Unknown => Err(NotVerified::Token(TokenErrorKind::UnknownKeyId)),
        KeyLookup::Unusable => Err(NotVerified::Token(TokenErrorKind::UnusableKey)),
        KeyLookup::Unavailable(wait, cause) => Err(NotVerified::Unavailable(*wait, *cause)),
    })
}

/// Verifies a token of another kind than a session token, and returns its payload.
pub(crate) fn payload(
    context: &Context<'_>,
    unverified: &Unverified<'_>,
    profile: JwtProfile,
    answers: &Answers,
) -> Verified<String> {
    let key = match key(context, unverified.key_id(), answers)? {
        Ok(key) => key,
        Err(refused) => return Ok(Err(refused)),
    };
    let (rules, now) = (context.rules, context.now);
    let verified = unverified.verify(profile, &key, rules, rules.clock_skew, now);
    Ok(verified.map(|_| unverified.signed().verified_payload().to_owned()).map_err(NotVerified::from))
}

fn verify_and_cache(
    context: &Context<'_>,
    unverified: &Unverified<'_>,
    hints: TokenHints,
    key: Arc<VerifyingKey>,
    skew: ClockSkew,
) -> Result<Session, TokenError> {
    let (rules, now) = (context.rules, context.now);
    let claims = unverified.verify(JwtProfile::Session, &key, rules, skew, now)?;
    let session = auth::session(claims, unverified.signed(), context.settings.publishable_key.as_ref())?;
    // A token that is accepted with a larger skew is not cached: the configured skew applies to the next request.
    if skew == rules.clock_skew {
        let as_of = unverified.signed().claims_as_of(claims);
        let validity = Validity::of(claims, as_of, rules.max_claims_age, skew);
        context.cache.insert(VerifiedToken { session: session.clone(), hints, validity, key }, now);
    }
    Ok(session)
}

/// Warns of a token that Clerk has signed and only this service's settings refuse: they may refuse every token.
fn warn_of_settings(context: &Context<'_>, unverified: &Unverified<'_>, error: &TokenError, answers: &Answers) {
    // These are checked after the signature.
    let (setting, claim) = match error.kind() {
        TokenErrorKind::Audience => ("ClerkBuilder::audiences", "aud"),
        TokenErrorKind::AuthorizedParties | TokenErrorKind::AuthorizedPartyMissing => (env::AUTHORIZED_PARTIES, "azp"),
        TokenErrorKind::Issuer => (env::PUBLISHABLE_KEY, "iss"),
        _ => return,
    };
    context.setting_refusals.add(error.kind());
    if let Some(left_out) = context.admit_line(Notice::SettingsRefuse, answers) {
        let claims: serde_json::Value =
            serde_json::from_str(unverified.signed().verified_payload()).unwrap_or_default();
        let value: String = claims[claim].to_string().chars().take(200).collect();
        tracing::warn!(target: "clerk", setting, claim, value, detail = error.text(), left_out, "a session token with a valid signature is refused by a setting; if it is from this application, no user can sign in");
    }
}

/// Counts one cache lookup per request.
fn count_lookup(answers: &Answers, outcome: &'static str) {
    if metrics::ENABLED && answers.is_first_notice(Notice::CacheLookup) {
        metrics::token_cache(outcome);
    }
}

/// The reason while a session token's key is unavailable.
fn keys_unavailable(cause: FetchError) -> Reason {
    match cause {
        FetchError::SecretKeyRefused => Reason::SecretKeyInvalid,
        FetchError::NoKeys | FetchError::Status(_) => Reason::KeysNotLoaded,
        FetchError::Connection
        | FetchError::Foreign(_)
        | FetchError::Malformed
        | FetchError::NotYet
        | FetchError::Timeout
        | FetchError::TooLarge => Reason::Unreachable,
    }
}
