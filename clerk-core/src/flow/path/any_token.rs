//! A token by itself that need not be a session's: one that a JWT template produced, for example.

use crate::{
    backend::jwks::KeyLookup,
    flow::{
        context::{Context, Keys},
        session::NotVerified,
    },
    token::{Category, SignedToken, TokenError, TokenErrorKind, Unverified, VerifyingKey, verify::Kind},
};

pub(crate) fn begin(context: &Context<'_>, token: &str) -> Result<Result<String, NotVerified>, Box<str>> {
    let refused = |error: TokenError| Ok(Err(NotVerified::Token(error.kind())));
    let signed = match SignedToken::parse(token) {
        Ok(signed) => signed,
        Err(error) => return refused(error),
    };
    let unverified = match read(&signed) {
        Ok(unverified) => unverified,
        Err(error) => return refused(error),
    };
    match context.keys {
        Keys::None => refused(TokenErrorKind::NoKeySource.into()),
        Keys::Fixed(key) => Ok(judge(context, &unverified, key)),
        Keys::Remote(store) => {
            let kid = unverified.key_id().unwrap_or_default();
            let answer = store.look_up(kid, context.now).ok_or_else(|| Box::<str>::from(kid))?;
            Ok(answered(context, &unverified, answer))
        }
    }
}

pub(crate) fn resume(context: &Context<'_>, token: &str, answer: KeyLookup) -> Result<String, NotVerified> {
    let refusal = |error: TokenError| NotVerified::Token(error.kind());
    let signed = SignedToken::parse(token).map_err(refusal)?;
    answered(context, &read(&signed).map_err(refusal)?, answer)
}

fn read<'s>(signed: &'s SignedToken<'s>) -> Result<Unverified<'s>, TokenError> {
    let unverified = Unverified::read(signed)?;
    match unverified.category() {
        Category::Machine => Err(TokenErrorKind::Category.into()),
        _ => Ok(unverified),
    }
}

fn answered(context: &Context<'_>, unverified: &Unverified<'_>, answer: KeyLookup) -> Result<String, NotVerified> {
    match answer {
        KeyLookup::Key(key) => judge(context, unverified, &key),
        KeyLookup::Unknown => Err(NotVerified::Token(TokenErrorKind::UnknownKeyId)),
        KeyLookup::Unusable => Err(NotVerified::Token(TokenErrorKind::UnusableKey)),
        KeyLookup::Unavailable(wait, cause) => Err(NotVerified::Unavailable(wait, cause)),
    }
}

fn judge(context: &Context<'_>, unverified: &Unverified<'_>, key: &VerifyingKey) -> Result<String, NotVerified> {
    let rules = context.rules;
    unverified
        .verified(Kind::Template, key, rules, rules.clock_skew, context.now)
        .map_err(|error| NotVerified::Token(error.kind()))?;
    Ok(unverified.signed().verified_payload().to_owned())
}
