//! Domains.

use clerk_types::common::DeletedObject;
pub use clerk_types::domain::{
    EnrollmentMode, EnrollmentModeFilter, OrganizationDomain, OrganizationDomainVerification, VerifiedFilter,
};

use crate::define::resource;

resource! {
/// Domains.
OrganizationDomains, organization_domains {
    /// Adds a domain to an organization.
    POST "/organizations/{organization_id}/domains" CreateOrganizationDomain
    create(organization_id) { name: String, enrollment_mode: String, verified: Option<bool> } -> OrganizationDomain;

    /// Lists the domains of an organization.
    GET "/organizations/{organization_id}/domains" ListOrganizationDomains
    list(organization_id) ?{ ..paged, verified: String, enrollment_mode: String } => Page<OrganizationDomain>;

    /// Changes a domain; parameters that are not set stay unchanged.
    PATCH "/organizations/{organization_id}/domains/{domain_id}" UpdateOrganizationDomain
    update(organization_id, domain_id) { enrollment_mode: Option<String>, verified: Option<bool> }
        -> OrganizationDomain;

    /// Deletes a domain.
    DELETE "/organizations/{organization_id}/domains/{domain_id}" DeleteOrganizationDomain
    delete(organization_id, domain_id) -> DeletedObject;

    /// Verifies now that an organization owns its domain.
    POST "/organizations/{organization_id}/domains/{domain_id}/verify_ownership" VerifyOrganizationDomainOwnership
    verify_ownership(organization_id, domain_id) -> OrganizationDomain;

    /// Lists the domains of all organizations.
    GET "/organization_domains" ListAllOrganizationDomains
    list_all() ?{
        ..paged, organization_id: String, verified: VerifiedFilter, enrollment_mode: Vec<EnrollmentModeFilter>,
        query: String, domains: Vec<String>,
        /// Default: `-created_at`.
        order_by: String,
    } => Page<OrganizationDomain>;
}}
