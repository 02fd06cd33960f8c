//! Billing: plans, prices, subscriptions and statements.

mod operations;
mod payment_source;
mod subscription;

pub use operations::*;
pub use payment_source::*;
pub use subscription::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Billing: plans, prices, subscriptions and statements.
    Billing, billing
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
