//! JSON Web Tokens: parsed once, then verified: header, signature, claims.
//!
//! [`SignedToken`] and [`VerifyingKey`] are public for callers that verify other tokens of their instance. For a
//! session token use [`Clerk::verify_session_token`](crate::Clerk::verify_session_token), which also checks its claims.
//!
//! This crate has its own JWT code, because it accepts exactly what Clerk's JavaScript SDK accepts and parses each
//! token once.

pub(crate) mod claims;
mod claims_as_of;
mod decode;
pub(crate) mod encoding;
mod error;
mod header;
pub(crate) mod js_number;
mod jwk;
mod jws;
mod key;
mod profile;
pub(crate) mod rules;
mod token_type;
mod unverified;
pub(crate) mod verify;

pub use crate::base::crypto::Algorithm;
pub(crate) use claims_as_of::ClaimsAsOf;
pub use decode::DecodedToken;
pub(crate) use encoding::{deserialize_claims, object};
pub use error::{TokenError, TokenErrorKind};
pub(crate) use jwk::Jwk;
pub use jws::{MAX_TOKEN_LENGTH, SignedToken};
pub use key::VerifyingKey;
pub(crate) use profile::JwtProfile;
pub(crate) use rules::TokenRules;
pub use token_type::{AcceptsToken, TokenType};
pub(crate) use token_type::{is_jwt, is_opaque_text};
pub(crate) use unverified::{IssuerMatch, TokenHints, Unverified};
