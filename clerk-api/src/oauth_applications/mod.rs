//! OAuth applications.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// OAuth applications.
    OAuthApplications, oauth_applications
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
