//! Response types of the blocklist.

use crate::{allowlist_identifiers::IdentifierType, model::model};

model! {
    /// `BlocklistIdentifier` in Clerk's description of the API.
    BlocklistIdentifier {
        object: Option<String>,
        id: Option<String>,
        identifier: Option<String>,
        identifier_type: Option<IdentifierType>,
        instance_id: Option<String>,
        /// In milliseconds since the Unix epoch.
        created_at: Option<i64>,
        /// In milliseconds since the Unix epoch.
        updated_at: Option<i64>,
    }
}
