//! [`ProxyRequest`]: what the proxy sees of a request, in no framework's types.

use std::{fmt, net::IpAddr};

use crate::flow::{HeaderSource, RequestView};

/// The parts of a request that the proxy looks at, borrowed; its body comes beside it.
///
/// ```
/// use clerk_core::{adapter::HeaderSource, proxy::ProxyRequest};
///
/// fn view<'a>(headers: &'a dyn HeaderSource, peer: std::net::IpAddr) -> ProxyRequest<'a> {
///     ProxyRequest::new("GET", "/__clerk/v1/client", headers).with_scheme("https").with_peer(Some(peer))
/// }
/// ```
#[derive(Clone, Copy)]
pub struct ProxyRequest<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: Option<&'a str>,
    scheme: &'a str,
    authority: Option<&'a str>,
    pub(crate) headers: &'a dyn HeaderSource,
    pub(crate) peer: Option<IpAddr>,
    pub(crate) stripped: bool,
    pub(crate) original_path: Option<&'a str>,
}

impl<'a> ProxyRequest<'a> {
    /// A request with this method, path (still percent-encoded) and headers, received over plain HTTP, from nobody knows
    /// whom and without a query.
    #[must_use]
    pub fn new(method: &'a str, path: &'a str, headers: &'a dyn HeaderSource) -> Self {
        Self {
            method,
            path,
            query: None,
            scheme: "http",
            authority: None,
            headers,
            peer: None,
            stripped: false,
            original_path: None,
        }
    }

    /// The same request with a query, without its question mark.
    #[must_use]
    pub const fn with_query(mut self, query: Option<&'a str>) -> Self {
        self.query = query;
        self
    }

    /// The same request with the scheme that it was received over, `http` unless set.
    #[must_use]
    pub const fn with_scheme(mut self, scheme: &'a str) -> Self {
        self.scheme = scheme;
        self
    }

    /// The same request with the authority of its target, which HTTP/2 sends instead of a `Host` header.
    #[must_use]
    pub const fn with_authority(mut self, authority: Option<&'a str>) -> Self {
        self.authority = authority;
        self
    }

    /// The same request from the other end of this connection.
    #[must_use]
    pub const fn with_peer(mut self, peer: Option<IpAddr>) -> Self {
        self.peer = peer;
        self
    }

    /// The same request, whose path a router may have cut the proxy's own path off from.
    #[must_use]
    pub const fn with_prefix_maybe_stripped(mut self) -> Self {
        self.stripped = true;
        self
    }

    /// The same request, whose path was this one when it arrived: a router that cuts something off may tidy up the rest,
    /// and what it tidied up is refused like anything else.
    #[must_use]
    pub const fn with_original_path(mut self, path: Option<&'a str>) -> Self {
        self.original_path = path;
        self
    }

    /// The root of the site that the request was sent to.
    pub(crate) fn root(&self) -> RequestView<'a> {
        RequestView::new(self.method, "/", self.headers).with_scheme(self.scheme).with_authority(self.authority)
    }
}

impl fmt::Debug for ProxyRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyRequest").field("method", &self.method).field("path", &self.path).finish_non_exhaustive()
    }
}

#[cfg(test)]
pub(crate) mod test {
    use super::HeaderSource;

    /// Headers for unit tests.
    pub(in crate::endpoint::proxy) struct Headers(Vec<(String, Vec<u8>)>);

    impl Headers {
        pub(in crate::endpoint::proxy) fn new(pairs: &[(&str, &str)]) -> Self {
            Self(pairs.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_owned())).collect())
        }
    }

    impl HeaderSource for Headers {
        fn visit<'a>(&'a self, name: &str, visitor: &mut dyn FnMut(&'a [u8])) {
            self.0.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name)).for_each(|(_, value)| visitor(value));
        }

        fn visit_all<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8])) {
            self.0.iter().for_each(|(name, value)| visitor(name, value));
        }
    }
}
