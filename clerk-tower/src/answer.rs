//! The core's answers and headers as those of the `http` crate.

use clerk_core::{Denied, HttpResponse, ResponseEdit, names::header};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header::WWW_AUTHENTICATE};

use crate::body::AnswerBody;

pub(crate) fn answer<B, M: AnswerBody<B>>(answer: &HttpResponse) -> Response<M::Body> {
    head(answer).map(|()| M::refusal(answer.body().to_owned().into()))
}

/// A refusal as it stands; the [`Denied`] goes on with it, for whoever wants to answer in another form.
pub(crate) fn refused<B>(denied: &Denied, answer: &HttpResponse, body: B) -> Response<B> {
    let mut response = head(answer).map(|()| body);
    response.extensions_mut().insert(denied.clone());
    response
}

/// A response on its way out, with what the layer has to say to it.
pub(crate) fn edited<B, M: AnswerBody<B>>(mut response: Response<B>, edit: &ResponseEdit) -> Response<M::Body> {
    let denied = response.extensions().get::<Denied>();
    edit.answered(denied);
    if let Some(instead) = denied.and_then(|denied| edit.in_place_of(denied)) {
        return answer::<B, M>(&instead);
    }
    let challenge = denied.and_then(|denied| edit.challenge(denied));
    if let Some(challenge) = challenge.and_then(|challenge| HeaderValue::try_from(challenge).ok()) {
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    append(response.headers_mut(), edit.headers());
    response.map(M::service)
}

fn head(answer: &HttpResponse) -> Response<()> {
    let mut response = Response::new(());
    *response.status_mut() = StatusCode::from_u16(answer.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    append(response.headers_mut(), answer.headers());
    response
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
        name => HeaderName::from_bytes(name.as_bytes()).ok(),
    }
}
