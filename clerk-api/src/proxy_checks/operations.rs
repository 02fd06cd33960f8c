//! Operations on proxy checks.

use crate::{define::operations, proxy_checks::ProxyCheck};

operations! { ProxyChecks {
    /// Checks whether the Frontend API can be reached through a proxy.
    fn verify() -> VerifyDomainProxy: "VerifyDomainProxy" POST "/proxy_checks" => ProxyCheck {
        with body {
            domain_id: String,
            proxy_url: String,
        }
    }
}}
