//! Waitlist entries.

mod operations;

pub use clerk_types::invitation::{WaitlistEntry, WaitlistEntryStatus};
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Waitlist entries.
    WaitlistEntries, waitlist_entries
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
