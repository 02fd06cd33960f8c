//! Actor tokens, for impersonating a user.

pub use clerk_types::token::ActorToken;
use serde_json::Value;

use crate::define::{example, resource};

resource! {
/// Actor tokens, for impersonating a user.
ActorTokens, actor_tokens {
    /// Creates an actor token, for impersonating a user.
    #[doc = example!(r#"let token = client.actor_tokens().create("user_1", serde_json::json!({ "sub": "user_support" })).send().await?;"#)]
    POST "/actor_tokens" CreateActorToken
    create(; user_id: String, actor: Value) {
        /// Default: `3600`.
        expires_in_seconds: i64,
        /// Default: `1800`.
        session_max_duration_in_seconds: i64,
    } -> ActorToken;

    /// Revokes an actor token.
    #[doc = example!(r#"client.actor_tokens().revoke("act_1").send().await?;"#)]
    POST "/actor_tokens/{actor_token_id}/revoke" RevokeActorToken
    revoke(actor_token_id) -> ActorToken;
}}
