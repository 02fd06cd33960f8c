//! Domains.

mod model;
mod operations;

pub use model::*;
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Domains.
    OrganizationDomains, organization_domains
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
