//! Sign-in tokens: each signs a user in once.

pub use clerk_types::token::{SignInToken, SignInTokenStatus};

use crate::define::{example, resource};

resource! {
/// Sign-in tokens: each signs a user in once.
SignInTokens, sign_in_tokens {
    /// Creates a sign-in token.
    #[doc = example!(r#"let link = client.sign_in_tokens().create("user_1").expires_in_seconds(600).send().await?.url;"#)]
    POST "/sign_in_tokens" CreateSignInToken
    create(; user_id: String) {
        org_id: Option<String>,
        /// Default: `2592000`.
        expires_in_seconds: Option<i64> [1..],
    } -> SignInToken;

    /// Revokes a sign-in token.
    POST "/sign_in_tokens/{sign_in_token_id}/revoke" RevokeSignInToken
    revoke(sign_in_token_id) -> SignInToken;
}}
