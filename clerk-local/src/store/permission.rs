//! [`Permission`]: what a role can permit.

use clerk_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::table::record;

/// What a role can permit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Permission {
    /// `perm_...`
    pub(crate) id: String,
    pub(crate) name: String,
    /// `org:invoices:read`, for example.
    pub(crate) key: String,
    pub(crate) description: String,
    /// `system` for Clerk's own, else `user`.
    pub(crate) r#type: String,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

impl Permission {
    /// A permission of which only the key is known.
    pub(crate) fn from_key(key: &str, now: Timestamp) -> Self {
        let short = key.trim_start_matches("org:");
        Self {
            id: format!("perm_{:0<27}", short.replace([':', '_'], "")),
            name: short.replace(['_', ':'], " "),
            key: key.to_owned(),
            description: String::new(),
            r#type: if short.starts_with("sys_") { "system" } else { "user" }.to_owned(),
            created_at: now,
            updated_at: now,
        }
    }
}

record!(Permission, "permission");
