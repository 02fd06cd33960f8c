//! Domains of the instance.

mod operations;

pub use clerk_types::domain::{CnameTarget, Domain};
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Domains of the instance.
    Domains, domains
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
