//! Operations on sign-in tokens.

use crate::{
    define::{example, operations},
    sign_in_tokens::SignInToken,
};

operations! { SignInTokens {
    /// Creates a sign-in token.
    #[doc = example!(r#"let link = client.sign_in_tokens().create("user_1").expires_in_seconds(600).send().await?.url;"#)]
    fn create(; body user_id: String) -> CreateSignInToken: "CreateSignInToken" POST "/sign_in_tokens" => SignInToken {
        with body {
            org_id: Option<String>,
            /// Default: `2592000`.
            expires_in_seconds: Option<i64> [1..],
        }
    }

    /// Revokes a sign-in token.
    fn revoke(sign_in_token_id) -> RevokeSignInToken: "RevokeSignInToken" POST "/sign_in_tokens/{sign_in_token_id}/revoke" => SignInToken {}
}}
