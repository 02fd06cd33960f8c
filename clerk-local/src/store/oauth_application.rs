//! [`OAuthApplication`]: an OAuth application in the Backend API.

use std::fmt;

use clerk_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::table::record;

/// An OAuth application that a backend registered.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OAuthApplication {
    /// `oa_...`
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) client_id: String,
    /// The secret of a confidential application.
    pub(crate) client_secret: Option<String>,
    pub(crate) scopes: String,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) consent_screen_enabled: bool,
    pub(crate) pkce_required: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

impl fmt::Debug for OAuthApplication {
    /// Leaves the secret out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthApplication").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

record!(OAuthApplication, "oauth_application");
