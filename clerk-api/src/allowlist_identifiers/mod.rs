//! The allowlist: identifiers that may sign up.

mod operations;

pub use clerk_types::restriction::{AllowlistIdentifier, IdentifierType};
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// The allowlist: identifiers that may sign up.
    AllowlistIdentifiers, allowlist_identifiers
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
