//! Views of a request that do not depend on a framework.

use std::{borrow::Cow, fmt};

use crate::config::PublicOrigin;

/// A request's headers in any framework's type.
///
/// ```
/// use clerk_core::adapter::HeaderSource;
///
/// struct Headers(Vec<(String, String)>);
///
/// impl HeaderSource for Headers {
///     fn visit<'a>(&'a self, name: &str, visitor: &mut dyn FnMut(&'a [u8])) {
///         for (key, value) in &self.0 {
///             if key.eq_ignore_ascii_case(name) {
///                 visitor(value.as_bytes());
///             }
///         }
///     }
///
///     fn visit_all<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8])) {
///         for (key, value) in &self.0 {
///             visitor(key, value.as_bytes());
///         }
///     }
/// }
/// ```
pub trait HeaderSource: Sync {
    /// Calls `visitor` with each value of a header, in the order received; `name` is in lower case.
    fn visit<'a>(&'a self, name: &str, visitor: &mut dyn FnMut(&'a [u8]));

    /// Calls `visitor` with the name and the value of each header; called only for a request that must wait.
    fn visit_all<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8]));
}

/// Borrowed view of the parts of a request that authentication reads.
///
/// ```
/// use clerk_core::adapter::{HeaderSource, RequestView};
///
/// fn view<'a>(headers: &'a dyn HeaderSource) -> RequestView<'a> {
///     RequestView::new("GET", "/dashboard", headers).with_query(Some("tab=1")).with_scheme("https")
/// }
/// ```
#[derive(Clone, Copy)]
pub struct RequestView<'a> {
    pub(crate) method: &'a str,
    pub(crate) scheme: &'a str,
    pub(crate) authority: Option<&'a str>,
    pub(crate) path: &'a str,
    pub(crate) query: Option<&'a str>,
    pub(crate) headers: &'a dyn HeaderSource,
}

impl<'a> RequestView<'a> {
    /// A view of a request with this method, path and headers, received over plain HTTP and without a query.
    #[must_use]
    pub fn new(method: &'a str, path: &'a str, headers: &'a dyn HeaderSource) -> Self {
        Self { method, scheme: "http", authority: None, path, query: None, headers }
    }

    /// The same request with a query, without its question mark.
    #[must_use]
    pub const fn with_query(mut self, query: Option<&'a str>) -> Self {
        self.query = query;
        self
    }

    /// The same request with the scheme of its connection; default: `http`. The scheme that a proxy received it with is
    /// in its headers; see [`PublicOrigin`](crate::config::PublicOrigin).
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

    /// The method.
    #[must_use]
    pub const fn method(&self) -> &'a str {
        self.method
    }

    /// The path, without the query.
    #[must_use]
    pub const fn path(&self) -> &'a str {
        self.path
    }

    /// The query, without its question mark.
    #[must_use]
    pub const fn query(&self) -> Option<&'a str> {
        self.query
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &'a dyn HeaderSource {
        self.headers
    }

    /// The same request for the path `/`, without a query.
    #[must_use]
    pub const fn with_root_path(mut self) -> Self {
        (self.path, self.query) = ("/", None);
        self
    }

    /// The request's URL as the browser sees it; `None` if the host is invalid.
    #[must_use]
    pub fn public_url(&self, origin: &PublicOrigin) -> Option<String> {
        super::public_url::public_url(self, origin).map(Into::into)
    }

    /// Whether the request is a CORS preflight
    /// ([Fetch, CORS-preflight request](https://fetch.spec.whatwg.org/#cors-preflight-request)).
    pub(crate) fn is_preflight(&self) -> bool {
        let has = |name| self.header(name).is_some();
        self.method == "OPTIONS" && has("origin") && has("access-control-request-method")
    }

    /// Whether the request asks for a WebSocket: over HTTP/1.1 with `Upgrade`, over HTTP/2 and 3 with `CONNECT`
    /// ([RFC 8441](https://www.rfc-editor.org/rfc/rfc8441)). In doubt it returns true.
    pub(crate) fn is_websocket_upgrade(&self) -> bool {
        let mut is_upgrade = self.method == "CONNECT";
        self.headers.visit("upgrade", &mut |value| {
            is_upgrade |=
                value.split(|byte| *byte == b',').any(|one| one.trim_ascii().eq_ignore_ascii_case(b"websocket"));
        });
        is_upgrade
    }

    /// Whether the request is a gRPC call over HTTP/2.
    pub(crate) fn is_grpc(&self) -> bool {
        let content_type = self.header("content-type").unwrap_or_default();
        content_type
            .strip_prefix("application/grpc")
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['+', ';']))
    }

    /// A header's value as Clerk's own SDKs see it: its values trimmed and joined, one character per byte; `None` if it
    /// is missing or empty.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<Cow<'a, str>> {
        let separator = if name == "cookie" { "; " } else { ", " };
        let mut joined: Option<Cow<'a, str>> = None;
        self.headers.visit(name, &mut |value| {
            let value = latin1(value.trim_ascii());
            joined = Some(match joined.take() {
                None => value,
                Some(before) => Cow::Owned(format!("{before}{separator}{value}")),
            });
        });
        joined.filter(|value| !value.is_empty())
    }

    /// The name of the one host that the request names, in lower case and without a port; `None` if its target and its
    /// `Host` header name two, or it names none.
    pub(crate) fn only_host(&self) -> Option<String> {
        let target = self.authority.map(host_name);
        match (target, self.header("host").as_deref().map(host_name)) {
            (Some(target), Some(header)) if target != header => None,
            (target, header) => target.or(header),
        }
    }

    /// The host in the request's target or `Host` header.
    pub(crate) fn host(&self) -> Option<Cow<'a, str>> {
        self.authority.map(Cow::Borrowed).or_else(|| self.header("host"))
    }

    pub(crate) fn to_owned_request(self) -> OwnedRequest {
        let mut headers: Vec<(Box<str>, Box<[u8]>)> = Vec::new();
        self.headers.visit_all(&mut |name, value| headers.push((name.to_ascii_lowercase().into(), value.into())));
        OwnedRequest {
            method: self.method.into(),
            scheme: self.scheme.into(),
            authority: self.authority.map(Into::into),
            path: self.path.into(),
            query: self.query.map(Into::into),
            headers: Headers(headers),
        }
    }
}

/// An owned copy of a request, for one that must wait until something is fetched.
#[derive(Default)]
pub(crate) struct OwnedRequest {
    method: Box<str>,
    scheme: Box<str>,
    authority: Option<Box<str>>,
    path: Box<str>,
    query: Option<Box<str>>,
    headers: Headers,
}

#[derive(Default)]
struct Headers(Vec<(Box<str>, Box<[u8]>)>);

impl OwnedRequest {
    pub(crate) fn view(&self) -> RequestView<'_> {
        RequestView {
            method: &self.method,
            scheme: &self.scheme,
            authority: self.authority.as_deref(),
            path: &self.path,
            query: self.query.as_deref(),
            headers: &self.headers,
        }
    }
}

impl HeaderSource for Headers {
    fn visit<'a>(&'a self, name: &str, visitor: &mut dyn FnMut(&'a [u8])) {
        self.0.iter().filter(|(known, _)| **known == *name).for_each(|(_, value)| visitor(value));
    }

    fn visit_all<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8])) {
        self.0.iter().for_each(|(name, value)| visitor(name, value));
    }
}

impl fmt::Debug for RequestView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestView").field("method", &self.method).field("path", &self.path).finish_non_exhaustive()
    }
}

/// The name in an authority: in lower case, without user information and port.
fn host_name(authority: &str) -> String {
    let host = authority.rsplit('@').next().unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    name.to_ascii_lowercase()
}

/// Decodes bytes as Latin-1, one character per byte, so that every header can be read.
pub(crate) fn latin1(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => Cow::Borrowed(text),
        _ => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Upgrade(&'static [&'static str]);

    impl HeaderSource for Upgrade {
        fn visit<'a>(&'a self, _: &str, visitor: &mut dyn FnMut(&'a [u8])) {
            self.0.iter().for_each(|value| visitor(value.as_bytes()));
        }

        fn visit_all<'a>(&'a self, _: &mut dyn FnMut(&'a str, &'a [u8])) {}
    }

    struct Host(&'static str);

    impl HeaderSource for Host {
        fn visit<'a>(&'a self, _: &str, visitor: &mut dyn FnMut(&'a [u8])) {
            Some(self.0).filter(|host| !host.is_empty()).into_iter().for_each(|host| visitor(host.as_bytes()));
        }

        fn visit_all<'a>(&'a self, _: &mut dyn FnMut(&'a str, &'a [u8])) {}
    }

    #[test]
    fn a_request_names_one_host_or_none() {
        for (target, header, expected) in [
            (None, "a.test", Some("a.test")),
            (None, "A.test:8080", Some("a.test")),
            (Some("a.test"), "", Some("a.test")),
            (Some("a.test:443"), "A.TEST", Some("a.test")),
            (Some("[::1]:443"), "[::1]", Some("[::1]")),
            (Some("b.test"), "a.test", None),
            (Some("b.test@a.test"), "a.test", Some("a.test")),
            (None, "", None),
        ] {
            let headers = Host(header);
            let view = RequestView::new("GET", "/", &headers).with_authority(target);
            assert_eq!(view.only_host().as_deref(), expected, "{target:?} {header}");
        }
    }

    #[test]
    fn an_upgrade_is_found_in_any_spelling() {
        let asks = |method, headers| RequestView::new(method, "/", &Upgrade(headers)).is_websocket_upgrade();
        for headers in [&["websocket"][..], &["WebSocket"], &["h2c, websocket"], &["h2c", " websocket "]] {
            assert!(asks("GET", headers), "{headers:?}");
        }
        assert!(asks("CONNECT", &[]));
        assert!(!asks("GET", &[]) && !asks("GET", &["h2c"]));
    }
}
