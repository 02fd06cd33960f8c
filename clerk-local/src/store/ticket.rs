//! Single-use tokens behind tickets: [`SignInToken`] and [`ActorToken`].

use clerk_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::table::record;

/// Signs a user in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SignInToken {
    /// `sit_...`, which the ticket names.
    pub(crate) id: String,
    pub(crate) user_id: String,
    /// The organization to activate.
    pub(crate) organization_id: Option<String>,
    /// `pending`, `accepted` or `revoked`.
    pub(crate) status: String,
    pub(crate) expires_at: Timestamp,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// Lets an actor impersonate a user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ActorToken {
    /// `act_...`, which the ticket names.
    pub(crate) id: String,
    pub(crate) user_id: String,
    /// The actor: `sub` and any other claims.
    pub(crate) actor: Map<String, Value>,
    /// The longest duration of the session, in seconds.
    pub(crate) session_max_duration_in_seconds: u32,
    /// `pending`, `accepted` or `revoked`.
    pub(crate) status: String,
    pub(crate) expires_at: Timestamp,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

record!(SignInToken, "sign_in_token");
record!(ActorToken, "actor_token");
