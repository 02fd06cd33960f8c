//! Operations on tokens for acting as a user.

use crate::{
    actor_tokens::ActorToken,
    arguments::{Integer, Json, Text},
    define::operations,
};

operations! { ActorTokens {
    /// Creates a token for acting as a user.
    fn create(; body user_id: Text, body actor: Json) -> CreateActorToken: "CreateActorToken" POST "/actor_tokens" => ActorToken {
        with body {
            /// `3600` unless set.
            expires_in_seconds: Integer,
            /// `1800` unless set.
            session_max_duration_in_seconds: Integer,
        }
    }

    /// Revokes a token for acting as a user.
    fn revoke(actor_token_id) -> RevokeActorToken: "RevokeActorToken" POST "/actor_tokens/{actor_token_id}/revoke" => ActorToken {}
}}
