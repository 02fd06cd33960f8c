//! Response types of actor tokens.

use serde_json::{Map, Value};

use crate::{Secret, model::model, sign_in_tokens::SignInTokenStatus};

model! {
    /// `ActorToken` in Clerk's description of the API.
    ActorToken {
        object: String,
        id: String,
        status: SignInTokenStatus,
        user_id: String,
        actor: Map<String, Value>,
        token: Option<Secret>,
        url: Option<Secret>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
    }
}
