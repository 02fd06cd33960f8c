//! [`pump`]: reads the upstream's response ahead of the client, so that a client that reads slowly does not hold a place
//! while the answer is small, and not for long while it is large.

use std::{
    error::Error,
    fmt,
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::Arc,
    task::Poll,
    time::Duration,
};

use bytes::Bytes;
use http_body::Body;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    time::timeout,
};

use crate::error::root_cause;

/// How much of a response is read ahead of the client, in bytes; most of Clerk's answers are smaller.
const WINDOW: usize = 64 * 1024;

/// Error of a [`ProxyBody`](crate::ProxyBody) that ended early. The client must not treat the received part as complete.
#[derive(Debug)]
pub struct ProxyBodyError(Cause);

#[derive(Debug)]
enum Cause {
    /// This side stood still for too long.
    Idle(&'static str),
    Upstream(reqwest::Error),
}

impl ProxyBodyError {
    pub(super) const fn idle(side: &'static str) -> Self {
        Self(Cause::Idle(side))
    }

    pub(super) const fn upstream(error: reqwest::Error) -> Self {
        Self(Cause::Upstream(error))
    }

    pub(super) fn log(&self) {
        match &self.0 {
            Cause::Idle(side) => tracing::debug!(target: "clerk", side, "a response stood still for too long"),
            Cause::Upstream(error) => {
                tracing::warn!(target: "clerk", error = %root_cause(error), "the Frontend API's response ended early");
            }
        }
    }
}

impl fmt::Display for ProxyBodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Cause::Idle(side) => write!(f, "the Frontend API's response ended early: {side} stood still"),
            Cause::Upstream(_) => f.write_str("the Frontend API's response ended early"),
        }
    }
}

impl Error for ProxyBodyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            Cause::Idle(_) => None,
            Cause::Upstream(error) => Some(error),
        }
    }
}

/// A part of a response.
pub(super) enum Part {
    /// Data, and the room that it takes until the client takes it.
    Chunk(Bytes, #[expect(dead_code, reason = "held until it is dropped")] OwnedSemaphorePermit),
    End,
    Failure(ProxyBodyError),
}

/// Starts to read a response, which holds its place until it is read.
pub(super) fn start(body: reqwest::Body, idle: Duration, place: OwnedSemaphorePermit) -> mpsc::UnboundedReceiver<Part> {
    // The room for data bounds it.
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(pump(body, idle, sender, place));
    receiver
}

async fn pump(
    mut body: reqwest::Body,
    idle: Duration,
    sender: mpsc::UnboundedSender<Part>,
    _place: OwnedSemaphorePermit,
) {
    let room = Arc::new(Semaphore::new(WINDOW));
    loop {
        let chunk = match unless_closed(&sender, timeout(idle, next_chunk(&mut body))).await {
            None => return,
            Some(Ok(Some(Ok(chunk)))) => chunk,
            Some(Ok(Some(Err(error)))) => return fail(&sender, ProxyBodyError::upstream(error)),
            Some(Ok(None)) => {
                let _ = sender.send(Part::End);
                return;
            }
            Some(Err(_)) => return fail(&sender, ProxyBodyError::idle("the Frontend API")),
        };
        let size = u32::try_from(chunk.len().min(WINDOW)).unwrap_or(u32::MAX);
        match unless_closed(&sender, timeout(idle, Arc::clone(&room).acquire_many_owned(size))).await {
            None => return,
            Some(Ok(Ok(permit))) => {
                if sender.send(Part::Chunk(chunk, permit)).is_err() {
                    return;
                }
            }
            Some(Ok(Err(_)) | Err(_)) => return fail(&sender, ProxyBodyError::idle("the client")),
        }
    }
}

fn fail(sender: &mpsc::UnboundedSender<Part>, error: ProxyBodyError) {
    error.log();
    let _ = sender.send(Part::Failure(error));
}

/// The next chunk with data; trailers are not forwarded.
async fn next_chunk(body: &mut reqwest::Body) -> Option<Result<Bytes, reqwest::Error>> {
    loop {
        match poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await? {
            Ok(frame) => match frame.into_data() {
                Ok(chunk) if !chunk.is_empty() => return Some(Ok(chunk)),
                Ok(_) | Err(_) => {}
            },
            Err(error) => return Some(Err(error.without_url())),
        }
    }
}

/// Waits for a step; `None` when the client has gone.
async fn unless_closed<T>(sender: &mpsc::UnboundedSender<Part>, step: impl Future<Output = T>) -> Option<T> {
    let (mut closed, mut step) = (pin!(sender.closed()), pin!(step));
    poll_fn(|context| match closed.as_mut().poll(context) {
        Poll::Ready(()) => Poll::Ready(None),
        Poll::Pending => step.as_mut().poll(context).map(Some),
    })
    .await
}
