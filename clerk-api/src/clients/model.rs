//! Response types of clients.

use crate::{model::model, sessions::Session};

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
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
    }
}
