//! Operations on tokens for acting as a user.

use crate::{
    actor_tokens::ActorToken,
    arguments::{Integer, Json, Text},
    define::{example, operations},
};

operations! { ActorTokens {
    /// Creates a token for acting as a user.
    #[doc = example!(r#"let token = client.actor_tokens().create("user_1", serde_json::json!({ "sub": "user_support" })).send().await?;"#)]
    fn create(; body user_id: Text, body actor: Json) -> CreateActorToken: "CreateActorToken" POST "/actor_tokens" => ActorToken {
        with body {
            /// `3600` unless set.
            expires_in_seconds: Integer,
            /// `1800` unless set.
            session_max_duration_in_seconds: Integer,
        }
    }

    /// Revokes a token for acting as a user.
    #[doc = example!(r#"client.actor_tokens().revoke("act_1").send().await?;"#)]
    fn revoke(actor_token_id) -> RevokeActorToken: "RevokeActorToken" POST "/actor_tokens/{actor_token_id}/revoke" => ActorToken {}
}}
