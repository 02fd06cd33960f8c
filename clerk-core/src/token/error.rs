//! [`TokenError`]: why a token was refused.

use std::fmt;

/// Why a token was refused.
///
/// Its text is for the operator's log and contains no part of the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenError(TokenErrorKind);

/// Kind of a [`TokenError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenErrorKind {
    /// `alg` is not an accepted signature algorithm.
    Algorithm,
    /// `aud` contains no configured audience.
    Audience,
    /// `azp` is not an authorized party.
    AuthorizedParties,
    /// There is no `azp`, and only tokens with an authorized party are accepted.
    AuthorizedPartyMissing,
    /// `cat` names another category of token.
    Category,
    /// A required claim is missing or has the wrong type.
    Claims,
    /// The claims were read from Clerk's database too long ago; see [`ClerkBuilder::max_claims_age`](crate::ClerkBuilder::max_claims_age).
    ClaimsTooOld,
    /// There is a `crit` header; no extensions are supported.
    Critical,
    /// `exp` has passed.
    Expired,
    /// `iat` is in the future.
    IssuedInTheFuture,
    /// `iss` is not the instance's issuer.
    Issuer,
    /// Not a signed JSON Web Token.
    Malformed,
    /// `kid` is missing, so no key of the JWKS can be selected.
    MissingKeyId,
    /// No key is configured to verify tokens in JWT form with.
    NoKeySource,
    /// `nbf` is in the future.
    NotActiveYet,
    /// The signature does not match the key.
    Signature,
    /// The token is longer than [`MAX_TOKEN_LENGTH`](super::MAX_TOKEN_LENGTH).
    TooLong,
    /// `typ` is not allowed for this use of the token.
    Type,
    /// The instance has no key with this `kid`.
    UnknownKeyId,
    /// The key with this `kid` is not for signatures with the token's algorithm.
    UnusableKey,
}

impl TokenError {
    pub(crate) const fn new(kind: TokenErrorKind) -> Self {
        Self(kind)
    }

    /// The kind of error.
    #[must_use]
    pub const fn kind(&self) -> TokenErrorKind {
        self.0
    }

    /// The reason in `x-clerk-auth-reason`, the same as in Clerk's own SDK.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        use TokenErrorKind as Kind;
        match self.0 {
            Kind::Algorithm => "token-invalid-algorithm",
            Kind::AuthorizedParties => "token-invalid-authorized-parties",
            Kind::AuthorizedPartyMissing => "token-without-authorized-party",
            Kind::ClaimsTooOld => "token-claims-too-old",
            Kind::Expired => "token-expired",
            Kind::IssuedInTheFuture => "token-iat-in-the-future",
            Kind::Issuer => "token-invalid-issuer",
            Kind::Audience | Kind::Claims | Kind::Critical | Kind::UnusableKey => "token-verification-failed",
            Kind::Category | Kind::Malformed | Kind::TooLong | Kind::Type => "token-invalid",
            Kind::MissingKeyId | Kind::UnknownKeyId => "jwk-kid-mismatch",
            Kind::NoKeySource => "jwk-failed-to-resolve",
            Kind::NotActiveYet => "token-not-active-yet",
            Kind::Signature => "token-invalid-signature",
        }
    }

    pub(crate) const fn text(&self) -> &'static str {
        use TokenErrorKind as Kind;
        match self.0 {
            Kind::Algorithm => "the token's algorithm is not RS256, RS384 or RS512",
            Kind::Audience => "the token's aud claim contains no configured audience",
            Kind::AuthorizedParties => {
                "the token's azp claim is not an authorized party: the token was issued to another site, or CLERK_AUTHORIZED_PARTIES lacks this app's origin"
            }
            Kind::AuthorizedPartyMissing => {
                "the token has no azp claim, so it is unknown which site it was issued to: Clerk leaves it out when a browser loads a page or the Backend API makes the token; to accept such tokens, use ClerkBuilder::authorized_parties_or_none, or add none to CLERK_AUTHORIZED_PARTIES"
            }
            Kind::Category => "the token's cat header names another category of token",
            Kind::Claims => {
                "the token lacks a claim that every session token has (exp, sub, sid), or one has the wrong type"
            }
            Kind::ClaimsTooOld => {
                "the token's claims are older than ClerkBuilder::max_claims_age allows: Clerk's edge copied them from an earlier token"
            }
            Kind::Critical => "the token's crit header requires an extension",
            Kind::Expired => "the token has expired",
            Kind::IssuedInTheFuture => "the token's iat claim is in the future: check this machine's clock",
            Kind::Issuer => {
                "the token's iss claim names another instance: check that the front end's publishable key and this service's keys belong to the same instance"
            }
            Kind::Malformed => "this is not a signed JSON Web Token",
            Kind::MissingKeyId => "the token has no kid header, so no key of the JWKS can be selected",
            Kind::NoKeySource => "no key is configured to verify the token with: set CLERK_SECRET_KEY or CLERK_JWT_KEY",
            Kind::NotActiveYet => "the token's nbf claim is in the future: check this machine's clock",
            Kind::Signature => "the token's signature does not match the instance's key",
            Kind::TooLong => "the token is longer than any that Clerk issues",
            Kind::Type => "the token's typ header is not allowed here",
            Kind::UnusableKey => "the key with the token's kid is not for signatures with the token's algorithm",
            Kind::UnknownKeyId => {
                "the instance has no key with the token's kid: check that the front end's publishable key and this service's keys belong to the same instance"
            }
        }
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl std::error::Error for TokenError {}

impl From<TokenErrorKind> for TokenError {
    fn from(kind: TokenErrorKind) -> Self {
        Self(kind)
    }
}
