//! Operations on domains.

use crate::{
    Page,
    arguments::{Choice, Flag, Integer, List, Maybe, Text},
    common::DeletedObject,
    define::operations,
    organization_domains::{EnrollmentModeFilter, OrganizationDomain, VerifiedFilter},
};

operations! { OrganizationDomains {
    /// Adds a domain to an organization.
    fn create(organization_id) -> CreateOrganizationDomain: "CreateOrganizationDomain" POST "/organizations/{organization_id}/domains" => OrganizationDomain {
        with body {
            name: Text,
            enrollment_mode: Text,
            verified: Maybe<Flag>,
        }
    }

    /// Lists the domains of an organization.
    fn list(organization_id) -> ListOrganizationDomains: "ListOrganizationDomains" GET "/organizations/{organization_id}/domains" => Page<OrganizationDomain>, streams OrganizationDomain {
        query {
            verified: Text,
            enrollment_mode: Text,
            /// Default: `10`.
            limit: Integer [1..=500],
            /// Default: `0`.
            offset: Integer [0..],
        }
    }

    /// Changes a domain; parameters that are not set stay unchanged.
    fn update(organization_id, domain_id) -> UpdateOrganizationDomain: "UpdateOrganizationDomain" PATCH "/organizations/{organization_id}/domains/{domain_id}" => OrganizationDomain {
        with body {
            enrollment_mode: Maybe<Text>,
            verified: Maybe<Flag>,
        }
    }

    /// Deletes a domain.
    fn delete(organization_id, domain_id) -> DeleteOrganizationDomain: "DeleteOrganizationDomain" DELETE "/organizations/{organization_id}/domains/{domain_id}" => DeletedObject {}

    /// Verifies now that an organization owns its domain.
    fn verify_ownership(organization_id, domain_id) -> VerifyOrganizationDomainOwnership: "VerifyOrganizationDomainOwnership" POST "/organizations/{organization_id}/domains/{domain_id}/verify_ownership" => OrganizationDomain {}

    /// Lists the domains of all organizations.
    fn list_all() -> ListAllOrganizationDomains: "ListAllOrganizationDomains" GET "/organization_domains" => Page<OrganizationDomain>, streams OrganizationDomain {
        query {
            organization_id: Text,
            verified: Choice<VerifiedFilter>,
            enrollment_mode: List<Choice<EnrollmentModeFilter>>,
            query: Text,
            domains: List<Text>,
            /// Default: `-created_at`.
            order_by: Text,
            /// Default: `0`.
            offset: Integer [0..],
            /// Default: `10`.
            limit: Integer [1..=500],
        }
    }
}}
