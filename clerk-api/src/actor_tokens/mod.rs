//! Actor tokens, for impersonating a user.

mod operations;

pub use clerk_types::token::ActorToken;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Actor tokens, for impersonating a user.
    ActorTokens, actor_tokens
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
