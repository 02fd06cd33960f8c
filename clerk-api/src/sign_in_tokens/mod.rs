//! Sign-in tokens: each signs a user in once.

mod operations;

pub use clerk_types::token::{SignInToken, SignInTokenStatus};
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Sign-in tokens: each signs a user in once.
    SignInTokens, sign_in_tokens
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
