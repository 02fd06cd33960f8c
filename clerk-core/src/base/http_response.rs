//! [`HttpResponse`]: a whole response, in no framework's types.

use std::{borrow::Cow, fmt};

/// A whole HTTP response.
///
/// ```
/// use clerk_core::HttpResponse;
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

    /// The same response with one header more; its name must be in lower case, and what cannot stand in a header is left
    /// out.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same response with another body.
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

    /// The response headers, names in lower case; of `set-cookie` there may be several.
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
