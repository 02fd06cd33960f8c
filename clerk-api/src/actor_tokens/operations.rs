//! Operations on actor tokens.

use serde_json::Value;

use crate::{
    actor_tokens::ActorToken,
    define::{example, operations},
};

operations! { ActorTokens {
    /// Creates an actor token, for impersonating a user.
    #[doc = example!(r#"let token = client.actor_tokens().create("user_1", serde_json::json!({ "sub": "user_support" })).send().await?;"#)]
    fn create(; body user_id: String, body actor: Value) -> CreateActorToken: "CreateActorToken" POST "/actor_tokens" => ActorToken {
        with body {
            /// Default: `3600`.
            expires_in_seconds: i64,
            /// Default: `1800`.
            session_max_duration_in_seconds: i64,
        }
    }

    /// Revokes an actor token.
    #[doc = example!(r#"client.actor_tokens().revoke("act_1").send().await?;"#)]
    fn revoke(actor_token_id) -> RevokeActorToken: "RevokeActorToken" POST "/actor_tokens/{actor_token_id}/revoke" => ActorToken {}
}}
