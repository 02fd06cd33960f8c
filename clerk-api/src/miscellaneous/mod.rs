//! What belongs to no family.

mod operations;

pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// What belongs to no family.
    Miscellaneous, miscellaneous
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
