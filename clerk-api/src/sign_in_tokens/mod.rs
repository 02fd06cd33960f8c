//! Sign-in tokens: each signs a user in once.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Sign-in tokens: each signs a user in once.
    SignInTokens, sign_in_tokens
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
