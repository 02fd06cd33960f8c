//! Response types of testing tokens.

use crate::{Secret, model::model};

model! {
    /// `TestingToken` in Clerk's description of the API.
    TestingToken {
        object: String,
        token: Secret,
        /// A time; Clerk's description does not name its unit.
        expires_at: i64,
    }
}
