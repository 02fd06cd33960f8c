//! What the flow sees of a request, in no framework's types.

use std::fmt;

/// A request's headers, whichever framework holds them.
///
/// ```
/// use clerk_core::HeaderSource;
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
/// }
/// ```
pub trait HeaderSource {
    /// Calls `visitor` with each value of a header, in the order received; `name` is in lower case.
    fn visit<'a>(&'a self, name: &str, visitor: &mut dyn FnMut(&'a [u8]));
}

/// The parts of a request that authentication looks at, borrowed.
#[derive(Clone, Copy)]
pub struct RequestView<'a> {
    headers: &'a dyn HeaderSource,
}

impl<'a> RequestView<'a> {
    /// A view of a request with these headers.
    #[must_use]
    pub fn new(headers: &'a dyn HeaderSource) -> Self {
        Self { headers }
    }
}

impl fmt::Debug for RequestView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestView").finish_non_exhaustive()
    }
}

/// The few strings of a request that Clerk needs; still borrowed, so that looking at a request allocates nothing.
pub(crate) struct Facts<'a> {
    pub(super) authorization: Option<&'a [u8]>,
    /// There was more than one `Authorization` header.
    pub(super) authorization_repeated: bool,
    pub(super) session_cookie: Option<&'a [u8]>,
}

impl<'a> Facts<'a> {
    pub(crate) fn parse(view: &RequestView<'a>) -> Self {
        let mut facts = Self { authorization: None, authorization_repeated: false, session_cookie: None };
        view.headers.visit("authorization", &mut |value| {
            facts.authorization_repeated |= facts.authorization.is_some();
            facts.authorization.get_or_insert(value);
        });
        view.headers.visit("cookie", &mut |value| {
            if facts.session_cookie.is_none() {
                facts.session_cookie = super::cookies::find(value, "__session");
            }
        });
        facts
    }
}
