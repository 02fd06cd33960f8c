//! One attempt to send a call over HTTP, with limits on time and size.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
    time::Duration,
};

use bytes::Bytes;
use clerk_core::{
    internal::{Backend, Call, CallError, CallProblem, HttpMethod},
    time::{Clock, Timestamp},
};

use super::error::{ApiError, ApiErrorKind};

/// A request that can be sent repeatedly.
pub(crate) struct HttpRequest {
    pub(crate) method: HttpMethod,
    pub(crate) url: String,
    pub(crate) content_type: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<Bytes>,
}

/// A response with a 2xx status.
pub(crate) struct BackendResponse {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// The limits of one attempt.
pub(crate) struct Bounds<'c> {
    pub(crate) clock: &'c dyn Clock,
    pub(crate) until: Timestamp,
    pub(crate) timeout: Duration,
    pub(crate) max_body: usize,
}

/// Sends the request with the secret to its URL.
pub(crate) async fn send_once(
    backend: &Backend,
    request: &HttpRequest,
    secret: &str,
    api_version: &str,
    bounds: Bounds<'_>,
) -> Result<BackendResponse, ApiError> {
    let mut headers = vec![
        ("user-agent", concat!("clerk-api/", env!("CARGO_PKG_VERSION"))),
        ("clerk-api-version", api_version),
        ("content-type", &request.content_type),
    ];
    headers.extend(request.headers.iter().map(|(name, value)| (*name, &**value)));
    let call = backend.transport.send(Call {
        method: request.method.clone(),
        url: &request.url,
        secret: Some(secret),
        headers: &headers,
        body: request.body.clone(),
        timeout: bounds.timeout,
        max_body: bounds.max_body,
    });
    let response = with_deadline(bounds.clock, bounds.until, call)
        .await
        .unwrap_or_else(|| Err(CallError::from(CallProblem::Timeout)))
        .map_err(to_api_error)?;
    let status = response.status;
    if (200..300).contains(&status) {
        return Ok(BackendResponse { status, body: response.body });
    }
    let trace_id = response.header("clerk-trace-id").or_else(|| response.header("cf-ray"));
    Err(ApiError::from_response(status, &response.body, trace_id, secret)
        .with_retry_after(response.retry_after(bounds.clock.now())))
}

fn to_api_error(CallError { problem, unsent, status, source }: CallError) -> ApiError {
    let error = ApiError::new(match problem {
        CallProblem::Connection => ApiErrorKind::Connection,
        CallProblem::Timeout => ApiErrorKind::Timeout,
        CallProblem::TooLarge => ApiErrorKind::TooLarge,
        CallProblem::Truncated => ApiErrorKind::Truncated,
    });
    let error = status.into_iter().fold(error, ApiError::with_status);
    let error = source.into_iter().fold(error, ApiError::with_source);
    if unsent { error.with_nothing_sent() } else { error }
}

/// The future's output, or `None` if the clock reaches `until` first.
async fn with_deadline<F: Future>(clock: &dyn Clock, until: Timestamp, future: F) -> Option<F::Output> {
    let (mut future, mut sleep) = (pin!(future), clock.sleep_until(until));
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => sleep.as_mut().poll(context).map(|()| None),
    })
    .await
}
