//! Response types of redirect URLs.

use crate::model::model;

model! {
    /// `RedirectURL` in Clerk's description of the API.
    RedirectUrl {
        object: String,
        id: String,
        url: String,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
    }
}
