//! Operations without a resource.

mod operations;

pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Operations without a resource.
    Miscellaneous, miscellaneous
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
