//! Testing tokens: they pass bot protection in tests.

mod operations;

pub use clerk_types::token::TestingToken;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Testing tokens: they pass bot protection in tests.
    TestingTokens, testing_tokens
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
