//! [`ProxyResponse`]: the upstream's response with a streaming body.

use std::{
    fmt,
    net::IpAddr,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use futures_core::Stream;
use http_body::Body;
use reqwest::header::HeaderMap;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use crate::pump::{self, Part, ProxyBodyError};
use clerk_core::internal::Share;

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
/// Until it is dropped, it counts as one of its [client's requests](crate::FrontendApiProxy::requests_per_client).
pub struct ProxyBody {
    /// `None` when the body has ended.
    parts: Option<mpsc::UnboundedReceiver<Part>>,
    remaining: Option<u64>,
    _share: Option<Share<IpAddr>>,
}

impl ProxyBody {
    /// A body that is read ahead of the client. It holds its place until it is read, and its client's share until it is
    /// sent.
    pub(super) fn start(
        body: reqwest::Body,
        idle: Duration,
        place: OwnedSemaphorePermit,
        share: Option<Share<IpAddr>>,
    ) -> Self {
        let remaining = body.size_hint().exact();
        let parts = (!body.is_end_stream()).then(|| pump::start(body, idle, place));
        Self { parts, remaining, _share: share }
    }

    /// The number of remaining bytes, if the upstream has sent the length.
    #[must_use]
    pub fn remaining(&self) -> Option<u64> {
        if self.parts.is_none() { Some(0) } else { self.remaining }
    }
}

impl Stream for ProxyBody {
    type Item = Result<Bytes, ProxyBodyError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(parts) = &mut self.parts else { return Poll::Ready(None) };
        let part = ready!(parts.poll_recv(context));
        match part {
            Some(Part::Chunk(chunk, _)) => {
                self.remaining = self.remaining.map(|remaining| remaining.saturating_sub(chunk.len() as u64));
                return Poll::Ready(Some(Ok(chunk)));
            }
            Some(Part::End) => self.parts = None,
            Some(Part::Failure(error)) => {
                self.parts = None;
                return Poll::Ready(Some(Err(error)));
            }
            // The runtime is shutting down: report an error, so that a part is not taken for the whole.
            None => {
                self.parts = None;
                return Poll::Ready(Some(Err(ProxyBodyError::idle("the runtime"))));
            }
        }
        Poll::Ready(None)
    }
}

impl fmt::Debug for ProxyBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxyBody").field("remaining", &self.remaining()).finish_non_exhaustive()
    }
}
