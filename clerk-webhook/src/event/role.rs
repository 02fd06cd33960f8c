//! [`Role`] and [`Permission`] of organization members.

use super::payload::payload;
use clerk_core::time::Timestamp;

payload! {
    /// A role of organization members.
    pub struct Role {
        /// Its id, `role_...`.
        pub id: String,
        /// Always `role`.
        pub object: Option<String>,
        /// The name.
        pub name: Option<String>,
        /// The key in tokens, such as `org:admin`.
        pub key: String,
        /// The description.
        pub description: Option<String>,
        /// Whether the creator of an organization can have it.
        pub is_creator_eligible: bool,
        /// The permissions of the role.
        pub permissions: Vec<Permission>,
        /// When it was created.
        pub created_at: Option<Timestamp>,
        /// When it was last changed.
        pub updated_at: Option<Timestamp>,
    }

    /// A permission that roles can include.
    pub struct Permission {
        /// Its id, `perm_...`.
        pub id: String,
        /// Always `permission`.
        pub object: Option<String>,
        /// The name.
        pub name: Option<String>,
        /// The key in tokens, such as `org:invoices:create`.
        pub key: String,
        /// The description.
        pub description: Option<String>,
        /// `system` for Clerk's permissions, `user` for your own.
        pub r#type: Option<String>,
        /// When it was created.
        pub created_at: Option<Timestamp>,
        /// When it was last changed.
        pub updated_at: Option<Timestamp>,
    }
}
