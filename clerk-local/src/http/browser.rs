//! Cookies, the origin of a form, redirects.

use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::PageError;
use crate::loopback;

/// Rejects a form that another site's page posted.
pub(crate) fn check_same_site(headers: &HeaderMap, allowed_origins: &[String]) -> Result<(), PageError> {
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    // Browsers send `null` for a form on a page without an origin of its own, a sandboxed frame for example.
    let known = origin.to_str().is_ok_and(|origin| loopback::allowed_redirect(origin, allowed_origins).is_some());
    if known { Ok(()) } else { Err(PageError(StatusCode::FORBIDDEN, "this form was sent by another site's page")) }
}

/// A 303 with cookies.
pub(crate) fn see_other(target: &str, cookies: &[String]) -> Response {
    let mut response =
        (StatusCode::SEE_OTHER, [(header::LOCATION, target), (header::CACHE_CONTROL, "no-store")]).into_response();
    for cookie in cookies {
        if let Ok(value) = cookie.parse() {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}

/// The value of one cookie of a request.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}
