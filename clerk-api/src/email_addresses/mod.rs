//! Email addresses.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Email addresses.
    EmailAddresses, email_addresses
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
