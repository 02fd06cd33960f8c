//! [`Domain`]s of the instance, and [`OrganizationDomain`]s of organizations.

use clerk_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::table::record;

/// A satellite domain of the instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Domain {
    /// `dmn_...`
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) proxy_url: Option<String>,
    pub(crate) created_at: Timestamp,
}

/// A domain of an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OrganizationDomain {
    /// `orgdmn_...`
    pub(crate) id: String,
    pub(crate) organization_id: String,
    pub(crate) name: String,
    /// `manual_invitation`, `automatic_invitation` or `automatic_suggestion`.
    pub(crate) enrollment_mode: String,
    pub(crate) verified: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

record!(Domain, "domain");
record!(OrganizationDomain, "organization_domain");
