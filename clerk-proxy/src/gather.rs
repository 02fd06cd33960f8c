//! [`gather`]: waits for a request's body before the request takes a place, so that slow clients hold none.

use std::{
    collections::VecDeque,
    error::Error,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures_core::Stream;
use tokio::time::{Instant, timeout, timeout_at};

use crate::{
    error::{ProxyError, ProxyErrorKind},
    proxy::Inner,
};

/// A body up to this size is gathered, in bytes; calls of the Frontend API send a few hundred. A larger one is passed on
/// while it arrives.
const MAX_GATHERED: u64 = 64 * 1024;

/// A request's body: what has arrived, and then the rest.
pub(super) struct Gathered<B> {
    first: VecDeque<Bytes>,
    /// `None` when the whole body has arrived.
    rest: Option<Pin<Box<B>>>,
}

impl<B> Gathered<B> {
    /// Whether the whole body has arrived.
    pub(super) const fn is_whole(&self) -> bool {
        self.rest.is_none()
    }
}

/// Reads a body until it is complete or too large to be gathered.
pub(super) async fn gather<B, E>(inner: &Inner, body: B, declared: Option<u64>) -> Result<Gathered<B>, ProxyError>
where
    B: Stream<Item = Result<Bytes, E>>,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    let mut rest = Box::pin(body);
    let (mut first, mut size) = (VecDeque::new(), 0_u64);
    if declared.is_some_and(|declared| declared > MAX_GATHERED) {
        return Ok(Gathered { first, rest: Some(rest) });
    }
    let end = Instant::now() + inner.body_timeout;
    while declared != Some(size) {
        let Some(chunk) = read(&mut rest, end, inner.idle_timeout).await? else {
            return Ok(Gathered { first, rest: None });
        };
        size = size.saturating_add(chunk.len() as u64);
        if size > inner.body_limit {
            tracing::debug!(target: "clerk", limit = inner.body_limit, "a client's body is too large");
            return Err(ProxyErrorKind::TooLarge.into());
        }
        first.push_back(chunk);
        if size > MAX_GATHERED {
            return Ok(Gathered { first, rest: Some(rest) });
        }
    }
    Ok(Gathered { first, rest: None })
}

/// The next part of a body; `None` at its end.
async fn read<B, E>(body: &mut Pin<Box<B>>, end: Instant, idle: Duration) -> Result<Option<Bytes>, ProxyError>
where
    B: Stream<Item = Result<Bytes, E>>,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    let chunk = poll_fn(|context| body.as_mut().poll_next(context));
    match timeout_at(end, timeout(idle, chunk)).await {
        Ok(Ok(chunk)) => chunk.transpose().map_err(|error| {
            tracing::debug!(target: "clerk", error = %error.into(), "a client's body ended early");
            ProxyErrorKind::Malformed.into()
        }),
        Ok(Err(_)) | Err(_) => {
            tracing::debug!(target: "clerk", "a client did not send its body in time");
            Err(ProxyErrorKind::ClientTimeout.into())
        }
    }
}

impl<B, E> Stream for Gathered<B>
where
    B: Stream<Item = Result<Bytes, E>>,
{
    type Item = Result<Bytes, E>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.first.pop_front() {
            Some(chunk) => Poll::Ready(Some(Ok(chunk))),
            None => self.rest.as_mut().map_or(Poll::Ready(None), |rest| rest.as_mut().poll_next(context)),
        }
    }
}
