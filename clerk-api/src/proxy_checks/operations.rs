//! Operations on proxy checks.

use crate::{arguments::Text, define::operations, proxy_checks::ProxyCheck};

operations! { ProxyChecks {
    /// Checks whether the Frontend API can be reached through a proxy.
    fn verify() -> VerifyDomainProxy: "VerifyDomainProxy" POST "/proxy_checks" => ProxyCheck {
        with body {
            domain_id: Text,
            proxy_url: Text,
        }
    }
}}
