//! The blocklist: identifiers that may not sign up.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// The blocklist: identifiers that may not sign up.
    BlocklistIdentifiers, blocklist_identifiers
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
