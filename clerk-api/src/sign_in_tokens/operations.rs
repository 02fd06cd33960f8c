//! Operations on tokens that sign a user in.

use crate::{
    arguments::{Integer, Maybe, Text},
    define::{example, operations},
    sign_in_tokens::SignInToken,
};

operations! { SignInTokens {
    /// Creates a token that signs a user in.
    #[doc = example!(r#"let link = client.sign_in_tokens().create("user_1").expires_in_seconds(600).send().await?.url;"#)]
    fn create(; body user_id: Text) -> CreateSignInToken: "CreateSignInToken" POST "/sign_in_tokens" => SignInToken {
        with body {
            org_id: Maybe<Text>,
            /// At least 1; `2592000` unless set.
            expires_in_seconds: Maybe<Integer>,
        }
    }

    /// Revokes a token that signs a user in.
    fn revoke(sign_in_token_id) -> RevokeSignInToken: "RevokeSignInToken" POST "/sign_in_tokens/{sign_in_token_id}/revoke" => SignInToken {}
}}
