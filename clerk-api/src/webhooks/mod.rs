//! Webhooks.

mod operations;

pub use clerk_types::instance::SvixUrl;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Webhooks.
    Webhooks, webhooks
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
