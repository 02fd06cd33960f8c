//! [`Upload`]: a request's body for an HTTP client on another thread. actix's own payload cannot leave its worker.

use std::{
    future::{Future, poll_fn},
    io,
    pin::{Pin, pin},
    task::{Context, Poll},
};

use actix_web::{dev::Payload, rt};
use bytes::Bytes;
use futures_core::Stream;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Stream of the chunks that a task on the worker reads, no faster than the client takes them.
pub(crate) struct Upload(Receiver<Part>);

enum Part {
    Chunk(Bytes),
    Failure(io::Error),
    End,
}

impl Upload {
    /// Starts to read a request's body, if it has one.
    pub(crate) fn spawn(payload: Payload) -> Option<Self> {
        if matches!(payload, Payload::None) {
            return None;
        }
        let (sender, receiver) = channel(1);
        rt::spawn(read(payload, sender));
        Some(Self(receiver))
    }
}

/// Reads until the body ends or the receiver is dropped.
async fn read(payload: Payload, sender: Sender<Part>) {
    let mut payload = pin!(payload);
    let mut closed = pin!(sender.closed());
    while let Ok(permit) = sender.reserve().await {
        let part = poll_fn(|context| match closed.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(None),
            Poll::Pending => payload.as_mut().poll_next(context).map(|chunk| {
                Some(match chunk {
                    Some(Ok(chunk)) => Part::Chunk(chunk),
                    // The error itself is not `Send`.
                    Some(Err(error)) => Part::Failure(io::Error::other(error.to_string())),
                    None => Part::End,
                })
            }),
        });
        match part.await {
            Some(Part::Chunk(chunk)) => permit.send(Part::Chunk(chunk)),
            Some(last) => {
                permit.send(last);
                return;
            }
            None => return,
        }
    }
}

impl Stream for Upload {
    type Item = Result<Bytes, io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|part| match part {
            Some(Part::Chunk(chunk)) => Some(Ok(chunk)),
            Some(Part::Failure(error)) => Some(Err(error)),
            Some(Part::End) => None,
            // The worker stopped: report an error, so that the partial body is not taken for the complete one.
            None => Some(Err(io::ErrorKind::ConnectionAborted.into())),
        })
    }
}
