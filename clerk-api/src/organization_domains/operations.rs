//! Operations on domains.

use crate::{
    Page,
    common::DeletedObject,
    define::operations,
    organization_domains::{EnrollmentModeFilter, OrganizationDomain, VerifiedFilter},
};

operations! { OrganizationDomains {
    /// Adds a domain to an organization.
    fn create(organization_id) -> CreateOrganizationDomain: "CreateOrganizationDomain" POST "/organizations/{organization_id}/domains" => OrganizationDomain {
        with body {
            name: String,
            enrollment_mode: String,
            verified: Option<bool>,
        }
    }

    /// Lists the domains of an organization.
    fn list(organization_id) -> ListOrganizationDomains: "ListOrganizationDomains" GET "/organizations/{organization_id}/domains" => Page<OrganizationDomain>, streams OrganizationDomain {
        query {
            verified: String,
            enrollment_mode: String,
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
        }
    }

    /// Changes a domain; parameters that are not set stay unchanged.
    fn update(organization_id, domain_id) -> UpdateOrganizationDomain: "UpdateOrganizationDomain" PATCH "/organizations/{organization_id}/domains/{domain_id}" => OrganizationDomain {
        with body {
            enrollment_mode: Option<String>,
            verified: Option<bool>,
        }
    }

    /// Deletes a domain.
    fn delete(organization_id, domain_id) -> DeleteOrganizationDomain: "DeleteOrganizationDomain" DELETE "/organizations/{organization_id}/domains/{domain_id}" => DeletedObject {}

    /// Verifies now that an organization owns its domain.
    fn verify_ownership(organization_id, domain_id) -> VerifyOrganizationDomainOwnership: "VerifyOrganizationDomainOwnership" POST "/organizations/{organization_id}/domains/{domain_id}/verify_ownership" => OrganizationDomain {}

    /// Lists the domains of all organizations.
    fn list_all() -> ListAllOrganizationDomains: "ListAllOrganizationDomains" GET "/organization_domains" => Page<OrganizationDomain>, streams OrganizationDomain {
        query {
            organization_id: String,
            verified: VerifiedFilter,
            enrollment_mode: Vec<EnrollmentModeFilter>,
            query: String,
            domains: Vec<String>,
            /// Default: `-created_at`.
            order_by: String,
            /// Default: `0`.
            offset: i64 [0..],
            /// Default: `10`.
            limit: i64 [1..=500],
        }
    }
}}
