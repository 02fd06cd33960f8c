//! [`JwtTemplate`]: claims of tokens for other services.

use clerk_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::table::record;

/// Claims of tokens for other services, with shortcodes for values of the user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct JwtTemplate {
    /// `jtmp_...`
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) claims: Map<String, Value>,
    /// How long a token lives, in seconds.
    pub(crate) lifetime: u32,
    /// How many seconds before its creation a token becomes valid.
    pub(crate) allowed_clock_skew: u32,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

record!(JwtTemplate, "jwt_template");
