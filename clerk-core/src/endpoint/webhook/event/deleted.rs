//! [`DeletedObject`]: what is left of something that is gone.

use super::payload::payload;

payload! {
    /// Something that was deleted: a user, an organization, a domain, a role or a permission.
    pub struct DeletedObject {
        /// What it was, such as `user`.
        pub object: Option<String>,
        /// Its id.
        pub id: Option<String>,
        /// Its slug, for what has one.
        pub slug: Option<String>,
        /// Always true.
        pub deleted: bool,
        /// The id that your own system had given to it.
        pub external_id: Option<String>,
    }
}
