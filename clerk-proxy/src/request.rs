//! [`ProxyRequest`]: the framework-independent parts of a request that the proxy needs.

use std::{fmt, net::IpAddr};

use clerk_core::adapter::RequestView;

/// The methods of the Frontend API. TRACE must not be one: its response would contain the secret key.
pub(crate) const METHODS: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
pub(crate) const METHODS_TEXT: &str = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";

/// The parts of a request that the proxy needs, borrowed. The body is passed separately.
///
/// ```
/// use clerk_core::adapter::{HeaderSource, RequestView};
/// use clerk_proxy::ProxyRequest;
///
/// fn proxied<'a>(headers: &'a dyn HeaderSource, peer: std::net::IpAddr) -> ProxyRequest<'a> {
///     let view = RequestView::new("GET", "/__clerk/v1/client", headers).with_scheme("https");
///     ProxyRequest::new(view).with_peer(Some(peer))
/// }
/// ```
#[derive(Clone, Copy)]
pub struct ProxyRequest<'a> {
    pub(crate) view: RequestView<'a>,
    pub(crate) peer: Option<IpAddr>,
    pub(crate) stripped: bool,
    pub(crate) original_path: Option<&'a str>,
}

impl<'a> ProxyRequest<'a> {
    /// A request from an unknown peer. The path of the view is percent-encoded.
    #[must_use]
    pub const fn new(view: RequestView<'a>) -> Self {
        Self { view, peer: None, stripped: false, original_path: None }
    }

    /// Sets the address of the peer: the other end of the connection.
    #[must_use]
    pub const fn with_peer(mut self, peer: Option<IpAddr>) -> Self {
        self.peer = peer;
        self
    }

    /// Says that a router may have removed the proxy's path from the beginning of the path.
    #[must_use]
    pub const fn with_prefix_maybe_stripped(mut self) -> Self {
        self.stripped = true;
        self
    }

    /// Sets the path as received. A router that removes a prefix may also normalise the path; the proxy checks the original,
    /// so that ambiguous paths are refused even then.
    #[must_use]
    pub const fn with_original_path(mut self, path: Option<&'a str>) -> Self {
        self.original_path = path;
        self
    }

    /// A view of this request with the path `/` and without a query.
    pub(crate) fn root(&self) -> RequestView<'a> {
        self.view.with_root_path()
    }
}

impl fmt::Debug for ProxyRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyRequest").field("view", &self.view).finish_non_exhaustive()
    }
}

#[cfg(test)]
pub(crate) mod test {
    use clerk_core::adapter::HeaderSource;

    /// Headers for unit tests.
    pub(crate) struct Headers(Vec<(String, Vec<u8>)>);

    impl Headers {
        pub(crate) fn new(pairs: &[(&str, &str)]) -> Self {
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
