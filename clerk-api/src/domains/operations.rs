//! Operations on domains of the instance.

use crate::{Page, common::DeletedObject, define::operations, domains::Domain};

operations! { Domains {
    /// Lists domains of the instance.
    fn list() -> ListDomains: "ListDomains" GET "/domains" => Page<Domain> {}

    /// Creates a domain of the instance.
    fn create(; body name: String, body is_satellite: bool) -> AddDomain: "AddDomain" POST "/domains" => Domain {
        with body {
            proxy_url: Option<String>,
        }
    }

    /// Deletes a domain of the instance.
    fn delete(domain_id) -> DeleteDomain: "DeleteDomain" DELETE "/domains/{domain_id}" => DeletedObject {}

    /// Changes a domain of the instance; parameters that are not set stay unchanged.
    fn update(domain_id) -> UpdateDomain: "UpdateDomain" PATCH "/domains/{domain_id}" => Domain {
        with body {
            name: Option<String>,
            proxy_url: Option<String>,
            is_secondary: Option<bool>,
        }
    }
}}
