//! Phone numbers.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Phone numbers.
    PhoneNumbers, phone_numbers
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
