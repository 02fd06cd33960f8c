//! JSON Web Tokens: taken apart once, then verified - signature first, claims after.
//!
//! [`SignedToken`] and [`VerifyingKey`] are public for those who verify other tokens of their instance; a session
//! token goes through [`Clerk::verify_session_token`](crate::Clerk::verify_session_token), which also judges its claims.

mod category;
mod decode;
mod encoding;
mod error;
mod header;
mod jwk;
mod key;
mod known_header;
mod raw;
mod unverified;
pub(crate) mod verify;

pub(crate) use category::Category;
pub use decode::DecodedToken;
pub(crate) use encoding::{claims_of, object};
pub use error::{TokenError, TokenErrorKind};
pub(crate) use jwk::Jwk;
pub use key::{Algorithm, VerifyingKey};
pub(crate) use known_header::KnownHeader;
pub use raw::{MAX_TOKEN_LENGTH, SignedToken};
pub(crate) use unverified::{Glance, Origin, Unverified};
