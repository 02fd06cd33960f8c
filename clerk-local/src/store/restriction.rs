//! [`ListedIdentifier`]: who may sign up, and who may not.

use clerk_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::table::record;

/// An address, number, wallet or `*@domain` on the allowlist or the blocklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ListedIdentifier {
    /// `alid_...` or `blid_...`
    pub(crate) id: String,
    pub(crate) list: List,
    pub(crate) identifier: String,
    /// The invitation that was sent, on the allowlist alone.
    pub(crate) invitation_id: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum List {
    Allowed,
    Blocked,
}

impl ListedIdentifier {
    /// What kind of identifier it is, in Clerk's word.
    pub(crate) fn kind(&self) -> &'static str {
        match &*self.identifier {
            identifier if identifier.starts_with('+') => "phone_number",
            identifier if identifier.starts_with("0x") => "web3_wallet",
            _ => "email_address",
        }
    }
}

record!(ListedIdentifier, "listed_identifier");
