//! Waitlist entries.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Waitlist entries.
    WaitlistEntries, waitlist_entries
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
