//! A token by itself that need not be a session's: one that a JWT template produced, for example.

use super::{
    context::{Context, Keys},
    session::Refusal,
};
use crate::{
    jwks::KeyAnswer,
    jwt::{
        SignedToken, TokenError, TokenErrorKind, VerifyingKey,
        peek::Category,
        verify::{self, Kind},
    },
};

pub(super) fn begin(context: &Context<'_>, token: &str) -> Result<Result<Vec<u8>, Refusal>, Box<str>> {
    let signed = match parse(token) {
        Ok(signed) => signed,
        Err(error) => return Ok(Err(Refusal::Token(error.kind()))),
    };
    match context.keys {
        Keys::None => Ok(Err(Refusal::Token(TokenErrorKind::NoKeySource))),
        Keys::Fixed(key) => Ok(judge(context, &signed, key)),
        Keys::Remote(store) => {
            let kid = signed.key_id().unwrap_or_default();
            let answer = store.look_up(kid, context.now).ok_or_else(|| Box::<str>::from(kid))?;
            Ok(answered(context, &signed, answer))
        }
    }
}

pub(super) fn resume(context: &Context<'_>, token: &str, answer: KeyAnswer) -> Result<Vec<u8>, Refusal> {
    answered(context, &parse(token).map_err(|error| Refusal::Token(error.kind()))?, answer)
}

fn parse(token: &str) -> Result<SignedToken<'_>, TokenError> {
    let signed = SignedToken::parse_claims(token)?;
    match Category::of(&signed.header.cat) {
        Category::Machine => Err(TokenErrorKind::Category.into()),
        _ => Ok(signed),
    }
}

fn answered(context: &Context<'_>, signed: &SignedToken<'_>, answer: KeyAnswer) -> Result<Vec<u8>, Refusal> {
    match answer {
        KeyAnswer::Key(key) => judge(context, signed, &key),
        KeyAnswer::Unknown => Err(Refusal::Token(TokenErrorKind::UnknownKeyId)),
        KeyAnswer::Unusable => Err(Refusal::Token(TokenErrorKind::UnusableKey)),
        KeyAnswer::Unavailable(wait, cause) => Err(Refusal::Unavailable(wait, cause)),
    }
}

fn judge(context: &Context<'_>, signed: &SignedToken<'_>, key: &VerifyingKey) -> Result<Vec<u8>, Refusal> {
    let rules = context.rules;
    verify::claims(signed, Kind::Template, key, rules, rules.clock_skew, context.now)
        .map_err(|error| Refusal::Token(error.kind()))?;
    Ok(signed.payload_bytes().to_vec())
}
