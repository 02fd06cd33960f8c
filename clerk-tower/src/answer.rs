//! The core's answers and headers as those of the `http` crate.

use clerk_core::Answer;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

use crate::body::AnswerBody;

pub(crate) fn answer<B, M: AnswerBody<B>>(answer: &Answer) -> Response<M::Body> {
    let mut response = Response::new(M::refusal(answer.body().to_owned().into()));
    *response.status_mut() = StatusCode::from_u16(answer.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
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
