//! The address that the browser sees, which a proxy in front of us may know better than we do.

use std::borrow::Cow;

use url::Url;

use super::view::RequestView;
use crate::config::PublicOrigin;

/// The request's URL as the browser wrote it; `None` when its host is none.
pub(crate) fn public_url(view: &RequestView<'_>, origin: &PublicOrigin) -> Option<Url> {
    let received = received(view)?;
    let public = match origin {
        PublicOrigin::Fixed(origin) => Url::parse(origin).ok(),
        PublicOrigin::Host => host_header(view).and_then(|host| base(view.scheme, &host)),
        PublicOrigin::Forwarded => forwarded(view),
    };
    Some(match public {
        Some(mut public) if public.origin() != received.origin() => {
            // Set, not resolved: a path that begins with two slashes must not name another host.
            public.set_path(received.path());
            public.set_query(received.query().filter(|query| !query.is_empty()));
            public.set_fragment(None);
            public
        }
        _ => received,
    })
}

/// What arrived here.
fn received(view: &RequestView<'_>) -> Option<Url> {
    let host = view.authority.map(Cow::Borrowed).or_else(|| host_header(view)).unwrap_or(Cow::Borrowed("localhost"));
    let mut url = base(view.scheme, &host)?;
    // Once more set and not resolved. The path of a request line always begins with a slash, but for `*`.
    url.set_path(if view.path.starts_with('/') { view.path } else { "/" });
    url.set_query(view.query);
    Some(url)
}

/// The first proxy's word: `X-Forwarded-Host` and `X-Forwarded-Proto`, each the first of several.
fn forwarded(view: &RequestView<'_>) -> Option<Url> {
    let first = |header: Cow<'_, str>| header.split(',').next().map(str::to_owned);
    // A proxy that sends one of the two empty does not know.
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
    base(&protocol, &host)
}

fn host_header<'a>(view: &RequestView<'a>) -> Option<Cow<'a, str>> {
    view.header("host")
}

fn base(scheme: &str, host: &str) -> Option<Url> {
    // With more than a scheme in it, `X-Forwarded-Proto` would name a host: `http:evil.example`, then `://` and the host.
    if !scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')) {
        return None;
    }
    Url::parse(&format!("{scheme}://{host}")).ok().filter(|url| !url.cannot_be_a_base())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_protocol_names_no_host() {
        for protocol in
            ["http:evil.example", "http://evil.example/", "http:evil.example/x?", "ht tp", "http:", "\thttps"]
        {
            assert_eq!(base(protocol, "app.example"), None, "{protocol:?}");
        }
        assert_eq!(base("https", "app.example").as_ref().map(Url::as_str), Some("https://app.example/"));
    }
}
