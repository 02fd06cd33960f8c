//! API keys.

mod operations;

pub use clerk_types::api_key::{ApiKey, ApiKeySecret};
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// API keys.
    ApiKeys, api_keys
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
