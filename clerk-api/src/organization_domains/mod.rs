//! Domains.

mod operations;

pub use clerk_types::domain::{
    EnrollmentMode, EnrollmentModeFilter, OrganizationDomain, OrganizationDomainVerification, VerifiedFilter,
};
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Domains.
    OrganizationDomains, organization_domains
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
