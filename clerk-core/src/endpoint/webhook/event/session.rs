//! [`Session`]: a user who is signed in, in one browser.

use super::{
    fields::Json,
    payload::{open_enum, payload},
    user::User,
};
use crate::base::time::Timestamp;

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
        /// Who acts as the user, if it is somebody else.
        pub actor: Option<Json>,
        /// How far it is.
        pub status: SessionStatus,
        /// The organization that was active last.
        pub last_active_organization_id: Option<String>,
        /// When it was used last.
        pub last_active_at: Option<Timestamp>,
        /// From where it was used last.
        pub latest_activity: Option<SessionActivity>,
        /// When it ends at the latest.
        pub expire_at: Option<Timestamp>,
        /// When it ends if nobody uses it.
        pub abandon_at: Option<Timestamp>,
        /// When it changed last.
        pub updated_at: Option<Timestamp>,
        /// When the user signed in.
        pub created_at: Option<Timestamp>,
        /// The user who is signed in.
        pub user: Option<User>,
    }

    /// From where a session was used.
    pub struct SessionActivity {
        /// Always `session_activity`.
        pub object: Option<String>,
        /// Its id.
        pub id: Option<String>,
        /// The device, such as `Macintosh`.
        pub device_type: Option<String>,
        /// Whether it is a phone or the like.
        pub is_mobile: bool,
        /// The browser.
        pub browser_name: Option<String>,
        /// The browser's version.
        pub browser_version: Option<String>,
        /// The IP address.
        pub ip_address: Option<String>,
        /// The city that the address seems to be in.
        pub city: Option<String>,
        /// The country that the address seems to be in.
        pub country: Option<String>,
    }
}

open_enum! {
    /// How far a session is.
    pub enum SessionStatus {
        /// Nobody has used it for long.
        Abandoned = "abandoned",
        /// The user is signed in.
        Active = "active",
        /// The user has signed out of it.
        Ended = "ended",
        /// Its time is over.
        Expired = "expired",
        /// The user has a task left to do.
        Pending = "pending",
        /// The user has removed it from the browser.
        Removed = "removed",
        /// Another one has taken its place.
        Replaced = "replaced",
        /// Somebody who may has ended it.
        Revoked = "revoked",
    }
}
