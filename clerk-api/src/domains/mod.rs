//! Domains of the instance.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Domains of the instance.
    Domains, domains
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
