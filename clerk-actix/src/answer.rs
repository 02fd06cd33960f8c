//! The core's answers and headers as actix's.

use actix_web::{
    Error, HttpResponse, HttpResponseBuilder,
    body::{BoxBody, EitherBody},
    dev::ServiceResponse,
    http::{
        StatusCode,
        header::{HeaderMap, HeaderName, HeaderValue, WWW_AUTHENTICATE},
    },
};
use clerk_core::{Answer, Denied, ResponseEdit, names::header};

use crate::error::AuthError;

pub(crate) fn answer(answer: &Answer) -> HttpResponse<BoxBody> {
    let status = StatusCode::from_u16(answer.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponseBuilder::new(status).body(answer.body().to_owned());
    append(response.headers_mut(), answer.headers());
    response
}

/// A response on its way out, with what the middleware has to say to it.
pub(crate) fn edited<B>(mut response: ServiceResponse<B>, edit: &ResponseEdit) -> ServiceResponse<EitherBody<B>> {
    let denied = response.response().error().and_then(denied);
    edit.answered(denied);
    if let Some(instead) = denied.and_then(|denied| edit.in_place_of(denied)) {
        return response.into_response(answer(&instead)).map_into_right_body();
    }
    let challenge = denied.and_then(|denied| edit.challenge(denied));
    if let Some(challenge) = challenge.and_then(|challenge| HeaderValue::try_from(challenge).ok()) {
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    append(response.headers_mut(), edit.headers());
    response.map_into_left_body()
}

/// The refusal in an error, if it is one.
pub(crate) fn denied(error: &Error) -> Option<&Denied> {
    error.as_error::<AuthError>().map(|error| &error.0)
}

fn append<'a>(map: &mut HeaderMap, headers: impl Iterator<Item = (&'static str, &'a str)>) {
    for (name, value) in headers {
        if let (Some(name), Ok(value)) = (header_name(name), HeaderValue::from_str(value)) {
            map.append(name, value);
        }
    }
}

fn header_name(name: &'static str) -> Option<HeaderName> {
    // What every request of nobody's gets need not be read and copied each time.
    const AUTH_STATUS: HeaderName = HeaderName::from_static(header::AUTH_STATUS);
    const AUTH_REASON: HeaderName = HeaderName::from_static(header::AUTH_REASON);
    match name {
        header::AUTH_STATUS => Some(AUTH_STATUS),
        header::AUTH_REASON => Some(AUTH_REASON),
        name => HeaderName::try_from(name).ok(),
    }
}
