//! Response types of sessions.

use serde_json::{Map, Value};

use crate::{
    Secret,
    model::{choice, model},
};

model! {
    /// A user's session on one client.
    Session {
        object: String,
        id: String,
        user_id: String,
        client_id: String,
        actor: Option<Map<String, Value>>,
        status: SessionStatus,
        last_active_organization_id: Option<String>,
        /// A time; Clerk's description does not name its unit.
        last_active_at: i64,
        latest_activity: Option<SessionActivity>,
        /// A time; Clerk's description does not name its unit.
        expire_at: i64,
        /// A time; Clerk's description does not name its unit.
        abandon_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        tasks: Option<Vec<SessionTask>>,
    }

    /// `SessionActivityResponse` in Clerk's description of the API.
    SessionActivity {
        object: String,
        id: String,
        device_type: Option<String>,
        is_mobile: bool,
        browser_name: Option<String>,
        browser_version: Option<String>,
        ip_address: Option<String>,
        city: Option<String>,
        country: Option<String>,
    }

    /// `SessionTask` in Clerk's description of the API.
    SessionTask {
        key: String,
    }

    /// The result of a refresh: new cookies, or a new token.
    SessionRefresh {
        object: String,
        jwt: Option<Secret>,
        cookies: Option<Vec<String>>,
    }

    /// A session's token.
    SessionToken {
        object: Option<String>,
        jwt: Option<Secret>,
    }
}

choice! {
    /// Values of [`Session`](crate::sessions::Session)'s `status`.
    SessionStatus {
        Abandoned = "abandoned",
        Active = "active",
        Ended = "ended",
        Expired = "expired",
        Removed = "removed",
        Replaced = "replaced",
        Revoked = "revoked",
        Pending = "pending",
    }

    /// Values of a parameter.
    RefreshFormat {
        Token = "token",
        Cookie = "cookie",
    }
}
