//! Phone numbers.

mod operations;

pub use clerk_types::identification::PhoneNumber;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Phone numbers.
    PhoneNumbers, phone_numbers
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
