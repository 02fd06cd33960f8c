//! One attempt to send a call over HTTP, with limits on time and size.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
    time::Duration,
};

use bytes::Bytes;
use clerk_core::{
    internal::retry_after,
    time::{Clock, Timestamp},
};

use super::error::{ApiError, ApiErrorKind};

/// A request that can be sent repeatedly.
#[derive(Clone)]
pub(crate) struct HttpRequest {
    pub(crate) method: reqwest::Method,
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

/// Sends the request with the secret to its URL. The HTTP client must not follow redirects, which would leak the
/// secret.
pub(crate) async fn send_once(
    http: &reqwest::Client,
    request: &HttpRequest,
    secret: &str,
    api_version: &str,
    bounds: Bounds<'_>,
) -> Result<BackendResponse, ApiError> {
    let mut builder = http
        .request(request.method.clone(), &request.url)
        .header("user-agent", concat!("clerk-api/", env!("CARGO_PKG_VERSION")))
        .header("clerk-api-version", api_version)
        .header("content-type", &request.content_type)
        // Real time, in case the injected clock stands still.
        .timeout(bounds.timeout)
        // reqwest marks the header as sensitive, so that `Debug` does not show it.
        .bearer_auth(secret);
    for (name, value) in &request.headers {
        builder = builder.header(*name, value);
    }
    if let Some(body) = &request.body {
        builder = builder.body(body.clone());
    }
    let exchange = exchange(builder, secret, bounds.max_body, bounds.clock);
    with_deadline(bounds.clock, bounds.until, exchange)
        .await
        .unwrap_or_else(|| Err(ApiError::new(ApiErrorKind::Timeout)))
}

async fn exchange(
    builder: reqwest::RequestBuilder,
    secret: &str,
    max_body: usize,
    clock: &dyn Clock,
) -> Result<BackendResponse, ApiError> {
    let mut response = builder.send().await.map_err(|error| map_error(error, ApiErrorKind::Connection))?;
    let status = response.status().as_u16();
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(Box::<str>::from);
    let trace_id = header("clerk-trace-id").or_else(|| header("cf-ray"));
    let wait = header("retry-after").and_then(|text| retry_after(&text, clock.now()));
    let mut body = Vec::new();
    if response.content_length().is_some_and(|length| length > max_body as u64) {
        return Err(ApiError::new(ApiErrorKind::TooLarge).with_status(status));
    }
    while let Some(chunk) =
        response.chunk().await.map_err(|error| map_error(error, ApiErrorKind::Truncated).with_status(status))?
    {
        if body.len() + chunk.len() > max_body {
            return Err(ApiError::new(ApiErrorKind::TooLarge).with_status(status));
        }
        body.extend_from_slice(&chunk);
    }
    if (200..300).contains(&status) {
        return Ok(BackendResponse { status, body });
    }
    Err(ApiError::from_response(status, &body, trace_id.as_deref(), secret).with_retry_after(wait))
}

fn map_error(error: reqwest::Error, default: ApiErrorKind) -> ApiError {
    let kind = if error.is_timeout() { ApiErrorKind::Timeout } else { default };
    // The URL contains ids and search terms.
    ApiError::new(kind).with_source(error.without_url())
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
