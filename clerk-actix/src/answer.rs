//! The core's answers and headers as actix's.

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    body::BoxBody,
    http::{
        StatusCode,
        header::{HeaderMap, HeaderName, HeaderValue},
    },
};
use clerk_core::Answer;

pub(crate) fn answer(answer: &Answer) -> HttpResponse<BoxBody> {
    let status = StatusCode::from_u16(answer.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponseBuilder::new(status).body(answer.body().to_owned());
    append(response.headers_mut(), answer.headers());
    response
}

pub(crate) fn append<'a>(map: &mut HeaderMap, headers: impl Iterator<Item = (&'static str, &'a str)>) {
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            map.append(HeaderName::from_static(name), value);
        }
    }
}
