//! Tokens and links that sign users in.

use serde_json::{Map, Value};

use crate::{
    model::{choice, model},
    secret::Secret,
    timestamp::Timestamp,
};

model! {
    /// `ActorToken` in Clerk's description of the API.
    ActorToken {
        object: String,
        id: String,
        status: SignInTokenStatus,
        user_id: String,
        actor: Map<String, Value>,
        token?: Secret,
        url?: Secret,
        created_at: Timestamp,
        updated_at: Timestamp,
    }

    /// A link to the admin portal.
    AdminPortalLinkToken {
        object: String,
        id: String,
        admin_portal_link_id: String,
        instance_id: String,
        organization_id: Option<String>,
        it_contact_id: Option<String>,
        scopes: Option<Vec<String>>,
        token?: Secret,
        revoked: bool,
        revocation_reason: Option<String>,
        expired: bool,
        expiration: Option<Timestamp>,
        created_at: Timestamp,
        updated_at: Timestamp,
    }

    /// `AgentTask` in Clerk's description of the API.
    AgentTask {
        object: String,
        agent_id: String,
        agent_task_id: String,
        /// Deprecated by Clerk.
        task_id: String,
        url?: Secret,
    }

    /// `SignInToken` in Clerk's description of the API.
    SignInToken {
        object: String,
        id: String,
        status: SignInTokenStatus,
        user_id: String,
        token?: Secret,
        url?: Secret,
        created_at: Timestamp,
        updated_at: Timestamp,
    }

    /// `TestingToken` in Clerk's description of the API.
    TestingToken {
        object: String,
        token: Secret,
        /// In seconds since the Unix epoch.
        expires_at: i64,
    }
}

choice! {
    /// Values of [`ActorToken`](crate::token::ActorToken)'s `status` and [`SignInToken`](crate::token::SignInToken)'s `status`.
    SignInTokenStatus {
        Pending = "pending",
        Accepted = "accepted",
        Revoked = "revoked",
    }
}
