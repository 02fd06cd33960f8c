//! Response types of proxy checks.

use crate::model::model;

model! {
    /// `ProxyCheck` in Clerk's description of the API.
    ProxyCheck {
        object: String,
        id: String,
        domain_id: String,
        /// A time; Clerk's description does not name its unit.
        last_run_at: Option<i64>,
        proxy_url: String,
        successful: bool,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
    }
}
