//! Billings.

mod operations;
mod payment_source;
mod subscription;

pub use operations::*;
pub use payment_source::*;
pub use subscription::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Billings.
    Billing, billing
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
