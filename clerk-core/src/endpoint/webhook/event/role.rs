//! [`Role`] and [`Permission`]: what members of organizations may do.

use super::payload::payload;
use crate::base::time::Timestamp;

payload! {
    /// A role that members of organizations may have.
    pub struct Role {
        /// Its id, `role_...`.
        pub id: String,
        /// Always `role`.
        pub object: Option<String>,
        /// What it is called.
        pub name: Option<String>,
        /// What tokens call it, such as `org:admin`.
        pub key: String,
        /// What it is for.
        pub description: Option<String>,
        /// Whether whoever creates an organization may have it.
        pub is_creator_eligible: bool,
        /// What it permits.
        pub permissions: Vec<Permission>,
        /// When it was made.
        pub created_at: Option<Timestamp>,
        /// When it changed last.
        pub updated_at: Option<Timestamp>,
    }

    /// Something that a role may permit.
    pub struct Permission {
        /// Its id, `perm_...`.
        pub id: String,
        /// Always `permission`.
        pub object: Option<String>,
        /// What it is called.
        pub name: Option<String>,
        /// What tokens call it, such as `org:invoices:create`.
        pub key: String,
        /// What it is for.
        pub description: Option<String>,
        /// Whether it is Clerk's (`system`) or yours (`user`).
        pub r#type: Option<String>,
        /// When it was made.
        pub created_at: Option<Timestamp>,
        /// When it changed last.
        pub updated_at: Option<Timestamp>,
    }
}
