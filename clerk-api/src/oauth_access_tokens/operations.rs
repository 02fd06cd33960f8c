//! Operations on OAuth access tokens.

use crate::{define::operations, oauth_access_tokens::OAuthAccessToken};

operations! { OAuthAccessTokens {
    /// Verifies an OAuth access token.
    fn verify() -> VerifyOAuthAccessToken: "verifyOAuthAccessToken" POST "/oauth_applications/access_tokens/verify" => OAuthAccessToken {
        with body {
            access_token: String,
            /// Deprecated by Clerk.
            secret: String,
        }
    }
}}
