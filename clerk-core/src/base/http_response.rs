//! [`HttpResponse`]: a complete response, independent of frameworks.

use std::{borrow::Cow, fmt};

/// A complete HTTP response.
///
/// ```
/// use clerk_core::adapter::HttpResponse;
///
/// let teapot = HttpResponse::new(418).with_header("content-type", "text/plain").with_body("no coffee");
/// assert_eq!((teapot.status(), teapot.body()), (418, "no coffee"));
/// ```
#[derive(Clone)]
pub struct HttpResponse {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, Cow<'static, str>)>,
    pub(crate) body: Cow<'static, str>,
}

impl HttpResponse {
    /// A response with this HTTP status code, without headers and body.
    #[must_use]
    pub const fn new(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Cow::Borrowed("") }
    }

    /// Adds a header. The name must be in lower case; a name or value that is not valid in a header is left out.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Replaces the body.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Cow<'static, str>>) -> Self {
        self.body = body.into();
        self
    }

    /// The HTTP status code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The response headers, names in lower case; `set-cookie` may occur several times.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.headers.iter().map(|(name, value)| (*name, &**value))
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The headers may hold tokens.
        f.debug_struct("HttpResponse").field("status", &self.status).finish_non_exhaustive()
    }
}
