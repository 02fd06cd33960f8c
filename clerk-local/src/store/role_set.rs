//! [`RoleSet`]: the roles that members of some organizations can have.

use clerk_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Role, table::record};

/// The roles that members of some organizations can have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RoleSet {
    /// `roleset_...`
    pub(crate) id: String,
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    /// Keys of roles.
    pub(crate) roles: Vec<String>,
    pub(crate) default_role: String,
    pub(crate) creator_role: String,
    /// `initial` for that of new organizations, else `custom`.
    pub(crate) r#type: String,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

impl RoleSet {
    /// The role set that each instance of Clerk has.
    pub(crate) fn initial(roles: &[Role], now: Timestamp) -> Self {
        Self {
            id: format!("roleset_{:0<27}", "default"),
            key: "role_set:default".to_owned(),
            name: "Default role set".to_owned(),
            description: None,
            roles: roles.iter().map(|role| role.key.clone()).collect(),
            default_role: "org:member".to_owned(),
            creator_role: "org:admin".to_owned(),
            r#type: "initial".to_owned(),
            created_at: now,
            updated_at: now,
        }
    }
}

record!(RoleSet, "role_set");
