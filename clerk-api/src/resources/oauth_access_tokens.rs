//! OAuth access tokens.

pub use clerk_types::oauth::{OAuthAccessToken, OAuthActor};

use crate::define::resource;

resource! {
/// OAuth access tokens.
OAuthAccessTokens, oauth_access_tokens {
    /// Verifies an OAuth access token.
    POST "/oauth_applications/access_tokens/verify" VerifyOAuthAccessToken = "verifyOAuthAccessToken"
    verify() {
        access_token: String,
        /// Deprecated by Clerk.
        secret: String,
    } -> OAuthAccessToken;
}}
