//! Protection against cross-site request forgery, if the layer asks for it: a request with an unsafe method that a page of
//! another site sends has the browser's cookies, and they do not count.

use super::websocket::is_allowed_origin;
use crate::flow::{context::Context, request::facts::Facts};

/// Whether the request's cookies count.
///
/// Browsers say in `Sec-Fetch-Site` which page sends a request ([Fetch
/// Metadata](https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header)), and in `Origin` its origin. A request with
/// neither is not from a browser's page.
pub(crate) fn allows_cookies(context: &Context<'_>, facts: &Facts<'_>) -> bool {
    let Some(allowed) = context.options.cookie_origins.as_deref().filter(|_| !facts.has_safe_method()) else {
        return true;
    };
    let origin = facts.header("origin");
    match facts.header("sec-fetch-site").as_deref() {
        Some("same-origin" | "none") => true,
        Some(_) => is_allowed_origin(origin.as_deref(), None, allowed),
        None => is_allowed_origin(origin.as_deref(), facts.url(context), allowed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Clerk,
        flow::{AuthenticateOptions, HeaderSource, RequestView},
    };

    struct Headers(&'static [(&'static str, &'static str)]);

    impl HeaderSource for Headers {
        fn visit<'a>(&'a self, name: &str, visitor: &mut dyn FnMut(&'a [u8])) {
            self.0.iter().filter(|(known, _)| *known == name).for_each(|(_, value)| visitor(value.as_bytes()));
        }

        fn visit_all<'a>(&'a self, _: &mut dyn FnMut(&'a str, &'a [u8])) {}
    }

    #[test]
    fn only_the_applications_own_pages_may_send_unsafe_requests() {
        let clerk = Clerk::builder().secret_key("sk_test_abcdefgh".parse().unwrap()).build().unwrap();
        let listed = Some(Box::from([Box::from("https://listed.test")]));
        let options = AuthenticateOptions { cookie_origins: listed, ..AuthenticateOptions::default() };
        let off = AuthenticateOptions::default();
        let allows = |options, method, headers| {
            let headers = Headers(headers);
            let view = RequestView::new(method, "/", &headers).with_authority(Some("app.test")).with_scheme("https");
            allows_cookies(&clerk.context(options), &Facts::of(view))
        };
        for (headers, expected) in [
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", "https://evil.test")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", "https://app.test")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", "https://listed.test")], true),
            (&[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")], false),
            (&[("origin", "https://app.test")], true),
            (&[("origin", "http://app.test")], false),
            (&[("origin", "null")], false),
            (&[("origin", "https://listed.test")], true),
            (&[("sec-fetch-site", "")], false),
            (&[], false),
        ] {
            for method in ["POST", "PUT", "PATCH", "DELETE", "post", "QUERY"] {
                assert_eq!(allows(&options, method, headers), expected, "{method} {headers:?}");
                assert!(allows(&off, method, headers));
            }
            for method in ["GET", "HEAD", "OPTIONS"] {
                assert!(allows(&options, method, headers), "{method} {headers:?}");
            }
        }
    }
}
