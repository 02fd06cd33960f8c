//! [`Session`] and [`Client`], and the tokens of sessions.

use serde_json::{Map, Value};

use crate::{
    model::{choice, model},
    objects::user::User,
    secret::Secret,
    timestamp::Timestamp,
};

model! {
    /// `Client` in Clerk's description of the API.
    Client {
        object: String,
        id: String,
        session_ids: Vec<String>,
        sessions: Vec<Session>,
        sign_in_id: Option<String>,
        sign_up_id: Option<String>,
        last_active_session_id: Option<String>,
        last_authentication_strategy: Option<String>,
        updated_at: Timestamp,
        created_at: Timestamp,
    }

    /// A user's session on one client.
    Session {
        /// Always `session`.
        object: String,
        /// Its id, `sess_...`: the `sid` of its tokens.
        id: String,
        /// The id of the user who is signed in.
        user_id: String,
        /// The id of the browser or device, `client_...`.
        client_id: String,
        /// The impersonator, if this is an impersonation.
        actor?: Map<String, Value>,
        /// The status.
        status: SessionStatus,
        /// The id of the organization that was last active.
        last_active_organization_id?: String,
        /// When it was last used.
        last_active_at: Timestamp,
        /// The device and place of the last use.
        latest_activity?: SessionActivity,
        /// When it expires.
        expire_at: Timestamp,
        /// When it ends if it is not used.
        abandon_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
        /// When the user signed in.
        created_at: Timestamp,
        tasks?: Vec<SessionTask>,
        /// The user who is signed in. Only webhooks have it.
        user?: Box<User>,
    }

    /// The device and place where a session was used.
    SessionActivity {
        /// Always `session_activity`.
        object: String,
        /// Its id.
        id: String,
        /// The device, such as `Macintosh`.
        device_type?: String,
        /// Whether it is a mobile device.
        is_mobile: bool,
        /// The browser.
        browser_name?: String,
        /// The browser's version.
        browser_version?: String,
        /// The IP address.
        ip_address?: String,
        /// The city, guessed from the address.
        city?: String,
        /// The country, guessed from the address.
        country?: String,
    }

    /// `SessionTask` in Clerk's description of the API.
    SessionTask {
        key: String,
    }

    /// The result of a refresh: new cookies, or a new token.
    SessionRefresh {
        object: String,
        jwt?: Secret,
        cookies?: Vec<String>,
    }

    /// A session's token.
    SessionToken {
        object?: String,
        jwt?: Secret,
    }
}

choice! {
    /// The status of a session.
    SessionStatus {
        /// It was not used for too long.
        Abandoned = "abandoned",
        /// The user is signed in.
        Active = "active",
        /// The user has signed out of it.
        Ended = "ended",
        /// It has expired.
        Expired = "expired",
        /// The user has removed it from the browser.
        Removed = "removed",
        /// It was replaced by another session.
        Replaced = "replaced",
        /// It was revoked, for example by an administrator.
        Revoked = "revoked",
        /// The user must complete a task first.
        Pending = "pending",
    }

    /// Values of a parameter.
    RefreshFormat {
        Token = "token",
        Cookie = "cookie",
    }
}

impl Session {
    /// Whether the user can use it: neither pending nor over.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == SessionStatus::Active
    }
}
