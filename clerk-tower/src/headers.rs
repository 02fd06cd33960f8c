//! [`Headers`]: the `http` crate's headers as the core's [`HeaderSource`].

use clerk_core::adapter::{HeaderSource, RequestView};
use http::{
    HeaderMap, Method, Uri,
    header::{AUTHORIZATION, COOKIE, UPGRADE},
};

/// View of an [`http::HeaderMap`] for [`RequestView`](clerk_core::adapter::RequestView), to authenticate a request by
/// hand.
///
/// ```no_run
/// use clerk_tower::{Headers, clerk_core::Clerk};
///
/// # async fn run(clerk: Clerk, request: http::Request<()>) {
/// let headers = Headers(request.headers());
/// let state = clerk.authenticate(&headers.view(request.method(), request.uri())).await;
/// println!("{:?}", state.auth());
/// # }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Headers<'h>(pub &'h HeaderMap);

impl Headers<'_> {
    /// View of the whole request.
    #[must_use]
    pub fn view<'a>(&'a self, method: &'a Method, uri: &'a Uri) -> RequestView<'a> {
        RequestView::new(method.as_str(), uri.path(), self)
            .with_query(uri.query())
            .with_scheme(uri.scheme_str().unwrap_or("http"))
            .with_authority(uri.authority().map(http::uri::Authority::as_str))
    }
}

impl HeaderSource for Headers<'_> {
    fn visit<'a>(&'a self, name: &str, visitor: &mut dyn FnMut(&'a [u8])) {
        // Constants for the headers that are read on every request; a lookup by text is slower.
        let values = match name {
            "authorization" => self.0.get_all(AUTHORIZATION),
            "cookie" => self.0.get_all(COOKIE),
            "upgrade" => self.0.get_all(UPGRADE),
            _ => self.0.get_all(name),
        };
        for value in values {
            visitor(value.as_bytes());
        }
    }

    fn visit_all<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8])) {
        for (name, value) in self.0 {
            visitor(name.as_str(), value.as_bytes());
        }
    }
}
