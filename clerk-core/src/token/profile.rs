//! [`JwtProfile`]: the `typ` and `cat` headers that a token must have, by what it is used as.

use super::{
    TokenRules, TokenType,
    error::{TokenError, TokenErrorKind},
    header::{HeaderParam, M2M_CATEGORY, SESSION_CATEGORY, UNCHECKED_CATEGORY},
    jws::SignedToken,
};

/// What a token in JWT form is used as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JwtProfile {
    /// The signed list of cookies that ends a handshake; it has no `typ` or `cat` of its own.
    Handshake,
    /// A machine-to-machine token.
    M2m,
    /// An access token of an OAuth application ([RFC 9068](https://www.rfc-editor.org/rfc/rfc9068)).
    OAuthAccess,
    /// A session token.
    Session,
    /// Any token of the instance except an M2M token, such as one from a JWT template.
    Template,
}

/// `typ` of an OAuth access token (RFC 9068, section 2.1).
const ACCESS_TOKEN_TYPES: [&str; 2] = ["at+jwt", "application/at+jwt"];

impl JwtProfile {
    /// Checks `typ`, then `cat`.
    ///
    /// # Errors
    /// `Type` or `Category`; for a handshake also the errors of [`SignedToken::algorithm`].
    pub(crate) fn check(self, signed: &SignedToken<'_>, rules: &TokenRules) -> Result<(), TokenError> {
        if !self.allows_typ(&signed.header.typ, rules) {
            return Err(TokenErrorKind::Type.into());
        }
        if self == Self::Handshake {
            // Clerk's own SDK checks a handshake's algorithm before its category.
            signed.algorithm()?;
        }
        if self.allows_cat(&signed.header.cat) { Ok(()) } else { Err(TokenErrorKind::Category.into()) }
    }

    fn allows_typ(self, typ: &HeaderParam, rules: &TokenRules) -> bool {
        let configured = rules.token_types.as_deref().filter(|_| matches!(self, Self::Session | Self::Template));
        match (typ, configured) {
            (HeaderParam::NotText, _) => false,
            (HeaderParam::Text(typ), Some(types)) => types.iter().any(|one| **one == *typ),
            (HeaderParam::Absent, Some(_)) => false,
            (typ, None) if self == Self::OAuthAccess => is_access_token(typ),
            (HeaderParam::Text(typ), None) => typ == "JWT",
            (HeaderParam::Absent, None) => true,
        }
    }

    pub(super) fn allows_cat(self, cat: &HeaderParam) -> bool {
        let cat = match cat {
            HeaderParam::Absent => return true,
            HeaderParam::NotText => None,
            HeaderParam::Text(cat) => Some(cat.as_ref()),
        };
        match self {
            Self::Handshake | Self::Session => matches!(cat, Some(SESSION_CATEGORY | UNCHECKED_CATEGORY)),
            Self::M2m => cat == Some(M2M_CATEGORY),
            // Its `typ` already says what it is.
            Self::OAuthAccess => true,
            Self::Template => cat != Some(M2M_CATEGORY),
        }
    }
}

/// The type of a machine token: the subject of an M2M token is a machine, and an OAuth access token has its own `typ`.
pub(super) fn machine_type(subject: Option<&str>, typ: &HeaderParam) -> Option<TokenType> {
    if subject.is_some_and(|subject| subject.starts_with("mch_")) {
        return Some(TokenType::M2mToken);
    }
    is_access_token(typ).then_some(TokenType::OAuthToken)
}

fn is_access_token(typ: &HeaderParam) -> bool {
    matches!(typ, HeaderParam::Text(typ) if ACCESS_TOKEN_TYPES.contains(&typ.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROFILES: [JwtProfile; 5] =
        [JwtProfile::Handshake, JwtProfile::M2m, JwtProfile::OAuthAccess, JwtProfile::Session, JwtProfile::Template];

    fn rules(token_types: Option<&[&str]>) -> TokenRules {
        TokenRules {
            clock_skew: crate::token::rules::ClockSkew::default(),
            max_claims_age: None,
            issuers: None,
            authorized_parties: None,
            party_check: None,
            party_optional: false,
            audiences: None,
            audience_optional: false,
            token_types: token_types.map(|types| types.iter().map(|one| (*one).into()).collect()),
        }
    }

    fn text(text: &str) -> HeaderParam {
        HeaderParam::Text(text.to_owned().into())
    }

    #[test]
    fn each_profile_allows_its_typ() {
        for (typ, allowed) in [
            (HeaderParam::Absent, [true, true, false, true, true]),
            (HeaderParam::NotText, [false; 5]),
            (text("JWT"), [true, true, false, true, true]),
            (text("jwt"), [false; 5]),
            (text("at+jwt"), [false, false, true, false, false]),
            (text("application/at+jwt"), [false, false, true, false, false]),
        ] {
            assert_eq!(PROFILES.map(|profile| profile.allows_typ(&typ, &rules(None))), allowed, "{typ:?}");
        }
    }

    #[test]
    fn configured_types_replace_the_usual_one_for_sessions_and_templates() {
        let rules = rules(Some(&["custom"]));
        for (typ, allowed) in [
            (HeaderParam::Absent, [true, true, false, false, false]),
            (text("JWT"), [true, true, false, false, false]),
            (text("custom"), [false, false, false, true, true]),
        ] {
            assert_eq!(PROFILES.map(|profile| profile.allows_typ(&typ, &rules)), allowed, "{typ:?}");
        }
    }

    #[test]
    fn each_profile_allows_its_cat() {
        for (cat, allowed) in [
            (HeaderParam::Absent, [true; 5]),
            (HeaderParam::NotText, [false, false, true, false, true]),
            (text(SESSION_CATEGORY), [true, false, true, true, true]),
            (text(M2M_CATEGORY), [false, true, true, false, false]),
            (text(UNCHECKED_CATEGORY), [true, false, true, true, true]),
            (text("cl_other"), [false, false, true, false, true]),
        ] {
            assert_eq!(PROFILES.map(|profile| profile.allows_cat(&cat)), allowed, "{cat:?}");
        }
    }
}
