//! A session token's way from the request to the verdict.

use super::{
    credential::{Credential, credential},
    view::Facts,
};
use crate::{
    auth::{AuthState, Reason},
    config::{JwtKey, Rules},
    jwks::{KeyAnswer, Store},
    jwt::{SignedToken, TokenError, TokenErrorKind, verify},
    time::Timestamp,
};

/// The keys that a token is verified with.
#[derive(Debug, Clone)]
pub(crate) enum Keys {
    /// One key, whatever `kid` the token names.
    Fixed(JwtKey),
    /// The instance's JWKS.
    Remote(Store),
}

/// How far the flow came.
pub(crate) enum Step {
    Done(AuthState),
    NeedKey(NeedKey),
}

/// The token is well-formed, and its key must be fetched.
pub(crate) struct NeedKey {
    token: Box<str>,
    kid: Box<str>,
}

/// Decides what can be decided without waiting.
pub(crate) fn begin(rules: &Rules, keys: &Keys, facts: &Facts<'_>, now: Timestamp) -> Step {
    match credential(facts) {
        Credential::None => Step::Done(AuthState::signed_out(Reason::TokenMissing)),
        Credential::Malformed => Step::Done(refused(TokenErrorKind::Malformed.into())),
        Credential::Token(token) => begin_token(rules, keys, token, now),
    }
}

/// The same for a token that was already taken out of a request.
pub(crate) fn begin_token(rules: &Rules, keys: &Keys, token: &str, now: Timestamp) -> Step {
    let signed = match SignedToken::parse(token).and_then(|signed| signed.algorithm().map(|_| signed)) {
        Ok(signed) => signed,
        Err(error) => return Step::Done(refused(error)),
    };
    let store = match keys {
        Keys::Fixed(key) => return Step::Done(judge(rules, token, &signed, key.verifying_key(), now)),
        Keys::Remote(store) => store,
    };
    let Some(kid) = signed.key_id() else {
        return Step::Done(refused(TokenErrorKind::MissingKeyId.into()));
    };
    match store.look_up(kid, now) {
        Some(answer) => Step::Done(answered(rules, token, &signed, answer, now)),
        None => Step::NeedKey(NeedKey { token: token.into(), kid: kid.into() }),
    }
}

impl NeedKey {
    /// The key that is needed.
    pub(crate) fn kid(&self) -> &str {
        &self.kid
    }

    pub(crate) fn resume(self, answer: KeyAnswer, rules: &Rules, now: Timestamp) -> AuthState {
        match SignedToken::parse(&self.token) {
            Ok(signed) => answered(rules, &self.token, &signed, answer, now),
            Err(error) => refused(error),
        }
    }
}

fn answered(rules: &Rules, token: &str, signed: &SignedToken<'_>, answer: KeyAnswer, now: Timestamp) -> AuthState {
    match answer {
        KeyAnswer::Key(key) => judge(rules, token, signed, &key, now),
        KeyAnswer::Unknown => refused(TokenErrorKind::UnknownKeyId.into()),
        KeyAnswer::Unavailable(wait) => AuthState::unavailable(wait),
    }
}

fn judge(
    rules: &Rules,
    token: &str,
    signed: &SignedToken<'_>,
    key: &crate::jwt::VerifyingKey,
    now: Timestamp,
) -> AuthState {
    match verify::session_token(token, signed, key, rules, now) {
        Ok(session) => AuthState::SignedIn(session),
        Err(error) => refused(error),
    }
}

fn refused(error: TokenError) -> AuthState {
    AuthState::signed_out(Reason::TokenRefused(error.kind()))
}
