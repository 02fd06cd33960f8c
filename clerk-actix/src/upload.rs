//! A request's body for another thread's HTTP client: actix's own never leaves its worker.

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

/// Stream of the chunks that a task of the worker reads, no faster than they are taken.
pub(crate) struct Upload(Receiver<Part>);

enum Part {
    Chunk(Bytes),
    Failure(io::Error),
    End,
}

/// The body of a request that has one.
pub(crate) fn upload(payload: Payload) -> Option<Upload> {
    if matches!(payload, Payload::None) {
        return None;
    }
    let (sender, receiver) = channel(1);
    rt::spawn(read(payload, sender));
    Some(Upload(receiver))
}

/// Reads until the body ends, or nobody wants more of it.
async fn read(payload: Payload, sender: Sender<Part>) {
    let mut payload = pin!(payload);
    let mut unwanted = pin!(sender.closed());
    while let Ok(place) = sender.reserve().await {
        let part = poll_fn(|context| match unwanted.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(None),
            Poll::Pending => payload.as_mut().poll_next(context).map(|chunk| {
                Some(match chunk {
                    Some(Ok(chunk)) => Part::Chunk(chunk),
                    // The error itself belongs to this thread.
                    Some(Err(error)) => Part::Failure(io::Error::other(error.to_string())),
                    None => Part::End,
                })
            }),
        });
        match part.await {
            Some(Part::Chunk(chunk)) => place.send(Part::Chunk(chunk)),
            Some(last) => {
                place.send(last);
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
            // The worker is gone; what there was must not pass for the whole.
            None => Some(Err(io::ErrorKind::ConnectionAborted.into())),
        })
    }
}
