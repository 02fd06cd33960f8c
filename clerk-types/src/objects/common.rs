//! Objects that several resources return.

use crate::model::model;

model! {
    /// The object that was deleted.
    DeletedObject {
        /// The object type, such as `user`.
        object: String,
        /// Its id.
        id?: String,
        /// Its slug, if it had one.
        slug?: String,
        /// Always true.
        deleted: bool,
        /// The id in your own system.
        external_id?: String,
    }

    /// `TotalCount` in Clerk's description of the API.
    TotalCount {
        object: String,
        total_count: i64,
    }
}
