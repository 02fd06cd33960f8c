//! Emails that the application sends through Clerk.
//!
//! Clerk marks these operations as experimental, and enables them for each instance. Its description of the API does not
//! have them yet; they are as in version 3.25 of `@clerk/backend`.

mod operations;

pub use clerk_types::email::{Email, EmailError, EmailResult};
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Emails that the application sends through Clerk.
    Emails, emails
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
