//! [`Upstream`]: the target of the Frontend API proxy, which receives the secret key.

use clerk_core::{
    config::{ConfigError, ConfigErrorKind, PublishableKey},
    internal::{absolute, is_in_old_domain, is_unencrypted},
};
use reqwest::Url;

const PRODUCTION: &str = "https://frontend-api.clerk.dev";
const STAGING: &str = "https://frontend-api.clerkstage.dev";
const LOCAL: &str = "https://frontend-api.lclclerk.com";

/// A Frontend API: scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Upstream(Url);

impl Upstream {
    /// Parses an origin, which must be https or on this machine.
    pub(crate) fn parse(text: &str) -> Result<Self, ConfigError> {
        let invalid = |problem: &str| ConfigError::new(ConfigErrorKind::InvalidUrl, problem);
        let text = absolute(text)?;
        let url = Url::parse(&text).map_err(|error| invalid("must be an absolute https URL").with_source(error))?;
        if url.path() != "/" {
            return Err(invalid(
                "must be a scheme, a host and at most a port, https://frontend-api.clerk.dev for example: the path comes from each request",
            ));
        }
        if is_unencrypted(&text) {
            return Err(invalid("is http, so the secret key would travel unencrypted: use https"));
        }
        Ok(Self(url))
    }

    /// The default target for this key. Only Clerk's own staff has staging and local keys.
    pub(crate) fn of_key(key: &PublishableKey) -> &'static str {
        let host = key.frontend_api();
        if host.starts_with("clerk.") && is_in_old_domain(host) {
            // The oldest development instances.
            PRODUCTION
        } else if is_in_old_domain(host) || host.ends_with("lclstage.dev") {
            LOCAL
        } else if host.ends_with(".accountsstage.dev") {
            STAGING
        } else {
            PRODUCTION
        }
    }

    /// The URL of a checked path; `None` if a URL would change the path or the query.
    pub(crate) fn url(&self, path: &str, query: Option<&str>) -> Option<Url> {
        let mut url = self.0.clone();
        // Set and not resolved, so no path can lead to another host.
        url.set_path(path);
        let query = query.filter(|query| !query.is_empty());
        if query.is_some_and(|query| query.bytes().any(|b| b.is_ascii_control())) {
            return None;
        }
        url.set_query(query);
        (url.path() == path && self.is_origin_of(&url)).then_some(url)
    }

    pub(crate) fn is_origin_of(&self, url: &Url) -> bool {
        self.0.origin() == url.origin()
    }

    /// Whether a URL has this host and port, with http or https.
    pub(crate) fn is_host_of(&self, url: &Url) -> bool {
        matches!(url.scheme(), "http" | "https") && self.0.host() == url.host() && self.0.port() == url.port()
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }
}

#[cfg(test)]
mod tests {
    use clerk_core::config::InstanceType;

    use super::*;

    #[test]
    fn an_upstream_is_an_https_origin_or_on_this_machine() {
        for good in [PRODUCTION, STAGING, LOCAL, "https://a.example:8443/", "http://127.0.0.1:9", "http://localhost"] {
            assert_eq!(Upstream::parse(good).unwrap().as_str(), good.trim_end_matches('/'));
        }
        for bad in [
            "",
            "frontend-api.clerk.dev",
            "http://frontend-api.clerk.dev",
            "http://127.0.0.1.example.com",
            "https://u:p@frontend-api.clerk.dev",
            "https://frontend-api.clerk.dev/v1",
            "https://frontend-api.clerk.dev?x",
            "ftp://127.0.0.1",
        ] {
            assert_eq!(Upstream::parse(bad).unwrap_err().kind(), ConfigErrorKind::InvalidUrl, "{bad}");
        }
    }

    #[test]
    fn the_upstream_follows_from_the_key() {
        for (host, upstream) in [
            ("clerk.example.com", PRODUCTION),
            ("example.clerk.accounts.dev", PRODUCTION),
            ("clerk.example.lcl.dev", PRODUCTION),
            ("example.clerk.accountsstage.dev", STAGING),
            ("example.accounts.lclclerk.com", LOCAL),
            ("example.lclstage.dev", LOCAL),
        ] {
            let key = PublishableKey::new(InstanceType::of_frontend_api(host), host).unwrap();
            assert_eq!(Upstream::of_key(&key), upstream, "{host}");
        }
    }

    #[test]
    fn no_path_and_no_query_leads_elsewhere() {
        let upstream = Upstream::parse("https://up.example:444").unwrap();
        let url = |path, query| upstream.url(path, query).map(String::from);
        assert_eq!(url("/v1/client", Some("a=b&c")).as_deref(), Some("https://up.example:444/v1/client?a=b&c"));
        assert_eq!(url("/", Some("")).as_deref(), Some("https://up.example:444/"));
        assert_eq!(url("/x@evil.example", None).as_deref(), Some("https://up.example:444/x@evil.example"));
        assert_eq!(
            url("/", Some("u=//evil.example#f")).as_deref(),
            Some("https://up.example:444/?u=//evil.example%23f")
        );
        for (path, query) in
            [("/a\"b", None), ("/a/../b", None), ("/a\tb", None), ("/", Some("a\r\nb")), ("/", Some("\0"))]
        {
            assert_eq!(url(path, query), None, "{path:?} {query:?}");
        }
    }
}
