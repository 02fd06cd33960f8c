//! Email addresses.

mod operations;

pub use clerk_types::identification::{EmailAddress, EmailAddressIdentificationStatus};
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Email addresses.
    EmailAddresses, email_addresses
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
