//! [`ProxyResponse`]: the upstream's response with a streaming body.

use std::{
    error::Error,
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use http_body::Body;
use reqwest::header::HeaderMap;
use tokio::sync::OwnedSemaphorePermit;

/// The response of the proxy: status, headers and a streaming body.
#[derive(Debug)]
pub struct ProxyResponse {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: ProxyBody,
}

impl ProxyResponse {
    /// The HTTP status code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The response headers in the order received, one pair per value, with names in lower case.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()))
    }

    /// The body.
    #[must_use]
    pub fn into_body(self) -> ProxyBody {
        self.body
    }
}

/// Stream of the chunks of a response body, as the upstream sends them.
///
/// Until it is dropped, it counts as one of the [concurrent requests](super::FrontendApiProxy::concurrent_requests).
pub struct ProxyBody {
    body: Option<(reqwest::Body, OwnedSemaphorePermit)>,
}

/// Error of a [`ProxyBody`] that ended early. The client must not treat the received part as complete.
#[derive(Debug)]
pub struct ProxyBodyError(reqwest::Error);

impl ProxyBody {
    pub(crate) fn new(body: reqwest::Body, permit: OwnedSemaphorePermit) -> Self {
        Self { body: (!body.is_end_stream()).then_some((body, permit)) }
    }

    /// The number of remaining bytes, if the upstream has sent the length.
    #[must_use]
    pub fn remaining(&self) -> Option<u64> {
        self.body.as_ref().map_or(Some(0), |(body, _)| body.size_hint().exact())
    }
}

impl Stream for ProxyBody {
    type Item = Result<Bytes, ProxyBodyError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let Some((body, _)) = &mut self.body else { return Poll::Ready(None) };
            match ready!(Pin::new(body).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(chunk) if chunk.is_empty() => {}
                    Ok(chunk) => return Poll::Ready(Some(Ok(chunk))),
                    // Trailers are not forwarded.
                    Err(_) => {}
                },
                Some(Err(error)) => {
                    self.body = None;
                    let error = error.without_url();
                    tracing::warn!(target: "clerk", error = %super::forward::root_cause(&error), "the Frontend API's response ended early");
                    return Poll::Ready(Some(Err(ProxyBodyError(error))));
                }
                None => self.body = None,
            }
        }
    }
}

impl fmt::Debug for ProxyBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyBody").field("remaining", &self.remaining()).finish_non_exhaustive()
    }
}

impl fmt::Display for ProxyBodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the Frontend API's response ended early")
    }
}

impl Error for ProxyBodyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}
