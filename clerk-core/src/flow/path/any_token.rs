//! A token outside of a request that need not be a session token, for example one made from a JWT template.

use crate::{
    flow::{
        context::Context,
        need::{Answers, Verified},
        verify::{self, NotVerified},
    },
    token::{JwtProfile, SignedToken, TokenErrorKind, Unverified},
};

/// Verifies any token of the instance except machine tokens, and returns its payload.
pub(crate) fn decide(context: &Context<'_>, token: &str, answers: &Answers) -> Verified<String> {
    let signed = match SignedToken::parse(token) {
        Ok(signed) => signed,
        Err(error) => return Ok(Err(error.into())),
    };
    match Unverified::read(&signed) {
        Ok(unverified) if !unverified.allows_cat(JwtProfile::Template) => {
            Ok(Err(NotVerified::Token(TokenErrorKind::Category)))
        }
        Ok(unverified) => verify::payload(context, &unverified, JwtProfile::Template, answers),
        Err(error) => Ok(Err(error.into())),
    }
}
