//! [`Machine`]: a service that calls others with tokens of its own.

use std::{collections::BTreeMap, fmt};

use aws_lc_rs::constant_time::verify_slices_are_equal;
use clerk_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::table::record;

/// A service that calls others with tokens of its own.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Machine {
    /// `mch_...`
    pub(crate) id: String,
    pub(crate) name: String,
    /// `ak_...`, with which it creates its tokens.
    pub(crate) secret_key: String,
    /// The previous key, and when it expires.
    pub(crate) previous_secret_key: Option<(String, Timestamp)>,
    /// Default lifetime of its tokens, in seconds.
    pub(crate) default_token_ttl: u32,
    /// The machines that it can talk to, and since when.
    pub(crate) scopes: BTreeMap<String, Timestamp>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

impl Machine {
    /// Default lifetime of tokens in seconds, as with Clerk.
    const TOKEN_TTL: u32 = 3600;

    pub(crate) fn new(id: &str, name: &str, secret_key: String, now: Timestamp) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            secret_key,
            previous_secret_key: None,
            default_token_ttl: Self::TOKEN_TTL,
            scopes: BTreeMap::new(),
            created_at: now,
            updated_at: now,
        }
    }

    /// Whether this is the machine's key, or its previous key before that expires.
    pub(crate) fn has_key(&self, key: &str, now: Timestamp) -> bool {
        let is = |own: &str| verify_slices_are_equal(own.as_bytes(), key.as_bytes()).is_ok();
        let previous = self.previous_secret_key.as_ref().filter(|(_, until)| now < *until);
        is(&self.secret_key) || previous.is_some_and(|(own, _)| is(own))
    }
}

impl fmt::Debug for Machine {
    /// Leaves the secret keys out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Machine").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

record!(Machine, "machine");
