//! OAuth applications.

mod operations;

pub use clerk_types::oauth::OAuthApplication;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// OAuth applications.
    OAuthApplications, oauth_applications
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
