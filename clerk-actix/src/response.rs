//! Converts the core's responses and headers to actix's.

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    body::BoxBody,
    http::{
        StatusCode,
        header::{HeaderMap, HeaderName, HeaderValue},
    },
};
use clerk_core::adapter::names::header;

pub(crate) fn to_actix(response: &clerk_core::adapter::HttpResponse) -> HttpResponse<BoxBody> {
    let status = StatusCode::from_u16(response.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut actix = HttpResponseBuilder::new(status).body(response.body().to_owned());
    append(actix.headers_mut(), response.headers());
    actix
}

pub(crate) fn append<'a>(map: &mut HeaderMap, headers: impl Iterator<Item = (&'static str, &'a str)>) {
    for (name, value) in headers {
        if let (Some(name), Ok(value)) = (header_name(name), HeaderValue::from_str(value)) {
            map.append(name, value);
        }
    }
}

pub(crate) fn replace(map: &mut HeaderMap, headers: impl Iterator<Item = (&'static str, Option<&'static str>)>) {
    for (name, value) in headers {
        match value {
            Some(value) => drop(map.insert(HeaderName::from_static(name), HeaderValue::from_static(value))),
            None => drop(map.remove(name)),
        }
    }
}

fn header_name(name: &'static str) -> Option<HeaderName> {
    // Header names of every signed-out response, parsed once.
    const AUTH_STATUS: HeaderName = HeaderName::from_static(header::AUTH_STATUS);
    const AUTH_REASON: HeaderName = HeaderName::from_static(header::AUTH_REASON);
    match name {
        header::AUTH_STATUS => Some(AUTH_STATUS),
        header::AUTH_REASON => Some(AUTH_REASON),
        name => HeaderName::try_from(name).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_services_own_headers_are_replaced() {
        let mut map = HeaderMap::new();
        map.insert(HeaderName::from_static("cache-control"), HeaderValue::from_static("public, max-age=600"));
        map.insert(HeaderName::from_static("cdn-cache-control"), HeaderValue::from_static("max-age=600"));
        replace(&mut map, [("cache-control", Some("private, no-store")), ("cdn-cache-control", None)].into_iter());
        assert_eq!(map.len(), 1);
        assert_eq!(map.get("cache-control").unwrap(), "private, no-store");
    }
}
