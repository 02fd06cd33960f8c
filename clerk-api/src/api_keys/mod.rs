//! API keys.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// API keys.
    ApiKeys, api_keys
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
