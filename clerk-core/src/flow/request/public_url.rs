//! The URL that the browser sees, which may differ from the received one behind a proxy.

use std::borrow::Cow;

use url::Url;

use super::view::RequestView;
use crate::config::PublicOrigin;

/// The request's URL as the browser sees it; `None` if the host is invalid.
pub(crate) fn public_url(view: &RequestView<'_>, origin: &PublicOrigin) -> Option<Url> {
    let received = received_url(view)?;
    let public = match origin {
        PublicOrigin::Fixed(origin) => Url::parse(origin).ok(),
        PublicOrigin::Host => host_header(view).and_then(|host| parse_origin(view.scheme, &host)),
        PublicOrigin::Forwarded => forwarded_origin(view),
    };
    Some(match public {
        Some(mut public) if public.origin() != received.origin() => {
            // `set_path` instead of `join`: a path that begins with two slashes must not change the host.
            public.set_path(received.path());
            public.set_query(received.query().filter(|query| !query.is_empty()));
            public.set_fragment(None);
            public
        }
        _ => received,
    })
}

/// The URL as this server received it.
fn received_url(view: &RequestView<'_>) -> Option<Url> {
    let host = view.authority.map(Cow::Borrowed).or_else(|| host_header(view)).unwrap_or(Cow::Borrowed("localhost"));
    let mut url = parse_origin(view.scheme, &host)?;
    // `set_path` as above. The path of a request line always begins with a slash, except for `*`.
    url.set_path(if view.path.starts_with('/') { view.path } else { "/" });
    url.set_query(view.query);
    Some(url)
}

/// The origin by `X-Forwarded-Host` and `X-Forwarded-Proto`, the first value of each.
fn forwarded_origin(view: &RequestView<'_>) -> Option<Url> {
    let first = |header: Cow<'_, str>| header.split(',').next().map(str::to_owned);
    // A proxy that sends an empty header does not know the value.
    if view.is_empty_header("x-forwarded-host") || view.is_empty_header("x-forwarded-proto") {
        return None;
    }
    let host = match view.header("x-forwarded-host") {
        Some(hosts) => first(hosts)?,
        None => host_header(view)?.into_owned(),
    };
    let protocol = match view.header("x-forwarded-proto") {
        Some(protocols) => first(protocols)?,
        None => view.scheme.to_owned(),
    };
    if host.is_empty() || protocol.is_empty() {
        return None;
    }
    parse_origin(&protocol, &host)
}

fn host_header<'a>(view: &RequestView<'a>) -> Option<Cow<'a, str>> {
    view.header("host")
}

fn parse_origin(scheme: &str, host: &str) -> Option<Url> {
    // Other characters in `X-Forwarded-Proto` could set the host: `http:evil.example`, then `://` and the host.
    if !scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')) {
        return None;
    }
    Url::parse(&format!("{scheme}://{host}")).ok().filter(|url| !url.cannot_be_a_base())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forwarded_protocol_cannot_set_the_host() {
        for protocol in
            ["http:evil.example", "http://evil.example/", "http:evil.example/x?", "ht tp", "http:", "\thttps"]
        {
            assert_eq!(parse_origin(protocol, "app.example"), None, "{protocol:?}");
        }
        assert_eq!(parse_origin("https", "app.example").as_ref().map(Url::as_str), Some("https://app.example/"));
    }
}
