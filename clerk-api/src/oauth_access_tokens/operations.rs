//! Operations on OAuth access tokens.

use crate::{arguments::Text, define::operations, oauth_access_tokens::OAuthAccessToken};

operations! { OAuthAccessTokens {
    /// Verifies an OAuth access token.
    fn verify() -> VerifyOAuthAccessToken: "verifyOAuthAccessToken" POST "/oauth_applications/access_tokens/verify" => OAuthAccessToken {
        with body {
            access_token: Text,
            /// Deprecated by Clerk.
            secret: Text,
        }
    }
}}
