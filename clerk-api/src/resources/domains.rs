//! Domains of the instance.

pub use clerk_types::domain::{CnameTarget, Domain};
use clerk_types::{Page, common::DeletedObject};

use crate::define::resource;

resource! {
/// Domains of the instance.
Domains, domains {
    /// Lists domains of the instance.
    GET "/domains" ListDomains
    list() -> Page<Domain>;

    /// Creates a domain of the instance.
    POST "/domains" AddDomain
    create(; name: String, is_satellite: bool) { proxy_url: Option<String> } -> Domain;

    /// Deletes a domain of the instance.
    DELETE "/domains/{domain_id}" DeleteDomain
    delete(domain_id) -> DeletedObject;

    /// Changes a domain of the instance; parameters that are not set stay unchanged.
    PATCH "/domains/{domain_id}" UpdateDomain
    update(domain_id) { name: Option<String>, proxy_url: Option<String>, is_secondary: Option<bool> } -> Domain;
}}
