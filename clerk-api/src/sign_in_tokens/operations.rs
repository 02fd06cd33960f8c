//! Operations on sign-in tokens.

use crate::{
    arguments::{Integer, Maybe, Text},
    define::{example, operations},
    sign_in_tokens::SignInToken,
};

operations! { SignInTokens {
    /// Creates a sign-in token.
    #[doc = example!(r#"let link = client.sign_in_tokens().create("user_1").expires_in_seconds(600).send().await?.url;"#)]
    fn create(; body user_id: Text) -> CreateSignInToken: "CreateSignInToken" POST "/sign_in_tokens" => SignInToken {
        with body {
            org_id: Maybe<Text>,
            /// Default: `2592000`.
            expires_in_seconds: Maybe<Integer> [1..],
        }
    }

    /// Revokes a sign-in token.
    fn revoke(sign_in_token_id) -> RevokeSignInToken: "RevokeSignInToken" POST "/sign_in_tokens/{sign_in_token_id}/revoke" => SignInToken {}
}}
