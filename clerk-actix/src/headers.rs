//! actix's headers, as the core sees them.

use actix_web::http::header::HeaderMap;
use clerk_core::HeaderSource;

/// View of actix's [`HeaderMap`] for [`RequestView`](clerk_core::RequestView), to authenticate a request by hand.
///
/// ```no_run
/// use actix_web::HttpRequest;
/// use clerk_actix::{Clerk, Headers, core::RequestView};
///
/// # async fn run(clerk: Clerk, request: HttpRequest) {
/// let headers = Headers(request.headers());
/// let state = clerk.authenticate(&RequestView::new(&headers)).await;
/// # }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Headers<'h>(pub &'h HeaderMap);

impl HeaderSource for Headers<'_> {
    fn visit<'a>(&'a self, name: &str, visitor: &mut dyn FnMut(&'a [u8])) {
        for value in self.0.get_all(name) {
            visitor(value.as_bytes());
        }
    }
}
