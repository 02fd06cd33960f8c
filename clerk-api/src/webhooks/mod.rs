//! Webhooks.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Webhooks.
    Webhooks, webhooks
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
