//! Response types of sign-in tokens.

use crate::{
    Secret,
    model::{choice, model},
};

model! {
    /// `SignInToken` in Clerk's description of the API.
    SignInToken {
        object: String,
        id: String,
        status: SignInTokenStatus,
        user_id: String,
        token: Option<Secret>,
        url: Option<Secret>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
    }
}

choice! {
    /// Values of [`ActorToken`](crate::actor_tokens::ActorToken)'s `status` and [`SignInToken`](crate::sign_in_tokens::SignInToken)'s `status`.
    SignInTokenStatus {
        Pending = "pending",
        Accepted = "accepted",
        Revoked = "revoked",
    }
}
