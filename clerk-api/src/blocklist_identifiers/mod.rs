//! The blocklist: identifiers that may not sign up.

mod operations;

pub use clerk_types::restriction::BlocklistIdentifier;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// The blocklist: identifiers that may not sign up.
    BlocklistIdentifiers, blocklist_identifiers
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
