//! [`Session`]: the session of a signed-in user in one browser.

use super::{
    fields::Json,
    payload::{open_enum, payload},
    user::User,
};
use clerk_core::time::Timestamp;

payload! {
    /// A session.
    pub struct Session {
        /// Its id, `sess_...`: the `sid` of its tokens.
        pub id: String,
        /// Always `session`.
        pub object: Option<String>,
        /// The id of the user who is signed in.
        pub user_id: String,
        /// The id of the browser or device, `client_...`.
        pub client_id: Option<String>,
        /// The impersonator, if this is an impersonation.
        pub actor: Option<Json>,
        /// The status.
        pub status: SessionStatus,
        /// The id of the organization that was last active.
        pub last_active_organization_id: Option<String>,
        /// When it was last used.
        pub last_active_at: Option<Timestamp>,
        /// The device and place of the last use.
        pub latest_activity: Option<SessionActivity>,
        /// When it expires.
        pub expire_at: Option<Timestamp>,
        /// When it ends if it is not used.
        pub abandon_at: Option<Timestamp>,
        /// When it was last changed.
        pub updated_at: Option<Timestamp>,
        /// When the user signed in.
        pub created_at: Option<Timestamp>,
        /// The user who is signed in.
        pub user: Option<User>,
    }

    /// The device and place where a session was used.
    pub struct SessionActivity {
        /// Always `session_activity`.
        pub object: Option<String>,
        /// Its id.
        pub id: Option<String>,
        /// The device, such as `Macintosh`.
        pub device_type: Option<String>,
        /// Whether it is a mobile device.
        pub is_mobile: bool,
        /// The browser.
        pub browser_name: Option<String>,
        /// The browser's version.
        pub browser_version: Option<String>,
        /// The IP address.
        pub ip_address: Option<String>,
        /// The city, guessed from the address.
        pub city: Option<String>,
        /// The country, guessed from the address.
        pub country: Option<String>,
    }
}

open_enum! {
    /// The status of a session.
    pub enum SessionStatus {
        /// It was not used for too long.
        Abandoned = "abandoned",
        /// The user is signed in.
        Active = "active",
        /// The user has signed out of it.
        Ended = "ended",
        /// It has expired.
        Expired = "expired",
        /// The user must complete a task first.
        Pending = "pending",
        /// The user has removed it from the browser.
        Removed = "removed",
        /// It was replaced by another session.
        Replaced = "replaced",
        /// It was revoked, for example by an administrator.
        Revoked = "revoked",
    }
}
