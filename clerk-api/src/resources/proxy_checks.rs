//! Proxy checks.

pub use clerk_types::instance::ProxyCheck;

use crate::define::resource;

resource! {
/// Proxy checks.
ProxyChecks, proxy_checks {
    /// Checks whether the Frontend API can be reached through a proxy.
    POST "/proxy_checks" VerifyDomainProxy
    verify() { domain_id: String, proxy_url: String } -> ProxyCheck;
}}
