//! Testing tokens: they pass bot protection in tests.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Testing tokens: they pass bot protection in tests.
    TestingTokens, testing_tokens
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
