//! Machine-to-machine authentication for the calling service: [`M2mTokenSource`] creates tokens for outgoing calls.
//!
//! The called service accepts these tokens with
//! [`Authenticator::accepts_tokens`](crate::Authenticator::accepts_tokens).

mod allowed_origins;
mod builder;
mod create;
mod error;
mod lifetime;
#[cfg(feature = "reqwest")]
mod request_builder;
mod source;
mod token;

pub use allowed_origins::AllowedOrigins;
pub use builder::{M2mTokenFormat, M2mTokenSourceBuilder};
pub use error::{M2mTokenError, M2mTokenErrorKind};
#[cfg(feature = "reqwest")]
#[cfg_attr(docsrs, doc(cfg(feature = "reqwest")))]
pub use request_builder::RequestBuilderExt;
pub use source::M2mTokenSource;
pub use token::BearerToken;
