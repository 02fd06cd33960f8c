//! [`Machine`]: a service that calls others with tokens of its own.

use std::{collections::BTreeMap, fmt};

use clerk_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::table::record;

/// A service that calls others with tokens of its own.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Machine {
    /// `mch_...`
    pub(crate) id: String,
    pub(crate) name: String,
    /// `ak_...`, what its tokens are created with.
    pub(crate) secret_key: String,
    /// The key before that, and until when it is good.
    pub(crate) previous_secret_key: Option<(String, Timestamp)>,
    /// How long its tokens live unless it asks otherwise, in seconds.
    pub(crate) default_token_ttl: u32,
    /// The machines that it can talk to, and since when.
    pub(crate) scopes: BTreeMap<String, Timestamp>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

impl fmt::Debug for Machine {
    /// Leaves the secret keys out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Machine").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

record!(Machine, "machine");
