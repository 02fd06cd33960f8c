//! Converts the core's responses and headers to those of the `http` crate.

use clerk_core::{
    Denied,
    adapter::{HttpResponse, ResponseEdit, names::header},
};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

use crate::body::ResponseBody;

/// Converts a layer's own response.
pub(crate) fn to_http<B>(response: &HttpResponse) -> Response<ResponseBody<B>> {
    head(response).map(|()| ResponseBody::from_text(response.body().to_owned().into()))
}

/// Converts a refusal. The [`Denied`] is put into its extensions, for outer layers that answer in another form.
pub(crate) fn refuse<B>(denied: &Denied, response: &HttpResponse, body: B) -> Response<B> {
    let mut response = head(response).map(|()| body);
    response.extensions_mut().insert(denied.clone());
    response
}

/// Applies the layer's edit to the inner service's response.
pub(crate) fn apply_edit<B>(mut response: Response<B>, edit: &ResponseEdit) -> Response<ResponseBody<B>> {
    let denied = response.extensions().get::<Denied>();
    edit.record_response(denied);
    if let Some(replacement) = denied.and_then(|denied| edit.replacement_for(denied)) {
        return to_http(&replacement);
    }
    let refusal_headers: Vec<_> = denied.into_iter().flat_map(|denied| edit.refusal_headers(denied)).collect();
    for (name, value) in refusal_headers {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(name, value);
        }
    }
    append(response.headers_mut(), edit.headers());
    replace(response.headers_mut(), edit.replaced_headers());
    response.map(ResponseBody::from_service)
}

pub(crate) fn head(response: &HttpResponse) -> Response<()> {
    let mut head = Response::new(());
    *head.status_mut() = StatusCode::from_u16(response.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    append(head.headers_mut(), response.headers());
    head
}

fn append<'a>(map: &mut HeaderMap, headers: impl Iterator<Item = (&'static str, &'a str)>) {
    for (name, value) in headers {
        if let (Some(name), Ok(value)) = (header_name(name), HeaderValue::from_str(value)) {
            map.append(name, value);
        }
    }
}

fn replace(map: &mut HeaderMap, headers: impl Iterator<Item = (&'static str, Option<&'static str>)>) {
    for (name, value) in headers {
        match value {
            Some(value) => drop(map.insert(name, HeaderValue::from_static(value))),
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
        name => HeaderName::from_bytes(name.as_bytes()).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_services_own_headers_are_replaced() {
        let mut map = HeaderMap::new();
        map.insert(http::header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=600"));
        map.insert("cdn-cache-control", HeaderValue::from_static("max-age=600"));
        replace(&mut map, [("cache-control", Some("private, no-store")), ("cdn-cache-control", None)].into_iter());
        assert_eq!(map.len(), 1);
        assert_eq!(map.get("cache-control").unwrap(), "private, no-store");
    }
}
