//! [`RedirectUrl`]: a redirect URL of native applications.

use clerk_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::table::record;

/// A redirect URL of native applications.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RedirectUrl {
    /// `ru_...`
    pub(crate) id: String,
    pub(crate) url: String,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

record!(RedirectUrl, "redirect_url");
