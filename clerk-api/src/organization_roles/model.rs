//! Response types of roles.

use crate::model::model;

model! {
    /// `Role` in Clerk's description of the API.
    Role {
        object: String,
        id: String,
        name: String,
        key: String,
        description: Option<String>,
        is_creator_eligible: bool,
        permissions: Vec<Permission>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
    }

    /// `Permission` in Clerk's description of the API.
    Permission {
        object: String,
        id: String,
        name: String,
        key: String,
        description: String,
        kind = "type": String,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
    }
}
