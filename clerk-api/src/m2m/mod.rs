//! Machine-to-machine authentication for the calling service: [`M2mTokenSource`] creates tokens for outgoing calls.
//!
//! ```no_run
//! # async fn run(client: reqwest::Client) -> Result<(), Box<dyn std::error::Error>> {
//! use clerk_api::m2m::M2mTokenSource;
//!
//! let source = M2mTokenSource::new(&clerk_core::Clerk::from_env()?)?; // CLERK_MACHINE_SECRET_KEY
//! // With any HTTP client; a token goes to no other host than the one that it is meant for.
//! let token = source.token().await?;
//! let request = client.get("https://api.example.com/job").bearer_auth(token.expose());
//! # Ok(()) }
//! ```
//!
//! The called service accepts these tokens with
//! [`Authenticator::accepts_tokens`](clerk_core::Authenticator::accepts_tokens).

mod allowed_origins;
mod builder;
mod create;
mod error;
mod lifetime;
mod source;
mod token;

pub use allowed_origins::AllowedOrigins;
pub use builder::{M2mTokenFormat, M2mTokenSourceBuilder};
pub use error::{M2mTokenError, M2mTokenErrorKind};
pub use source::M2mTokenSource;
pub use token::BearerToken;
