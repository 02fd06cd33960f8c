//! What answers about tokens that pass bot protection in tests hold.

use crate::{Secret, model::model};

model! {
    /// `TestingToken` in Clerk's description of the API.
    TestingToken {
        object: String,
        token: Secret,
        /// A point in time, as the API writes it.
        expires_at: i64,
    }
}
