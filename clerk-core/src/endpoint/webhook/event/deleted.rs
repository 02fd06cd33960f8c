//! [`DeletedObject`]: the payload of all deletions.

use super::payload::payload;

payload! {
    /// A deleted user, organization, domain, role or permission.
    pub struct DeletedObject {
        /// The object type, such as `user`.
        pub object: Option<String>,
        /// Its id.
        pub id: Option<String>,
        /// Its slug, if it had one.
        pub slug: Option<String>,
        /// Always true.
        pub deleted: bool,
        /// The id in your own system.
        pub external_id: Option<String>,
    }
}
