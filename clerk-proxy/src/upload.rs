//! [`Upload`]: the streaming request body with its limits, and [`Progress`]: how far it has come.

use std::{
    error::Error,
    fmt,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Frame, SizeHint};
use sync_wrapper::SyncWrapper;
use tokio::sync::Notify;

/// The progress of a body, shared with the code that waits for the response.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    stage: AtomicU8,
    /// How many bytes the upstream has taken.
    sent: AtomicU64,
    finished: Notify,
}

/// What a body waits for, or how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Stage {
    /// Waits for the upstream to read more.
    Upstream,
    /// Waits for the client to send more.
    Client,
    /// Sent completely.
    Finished,
    /// The client failed, or sent less or more than it declared.
    Broken,
    /// Larger than the limit.
    TooLarge,
}

impl Progress {
    pub(crate) fn stage(&self) -> Stage {
        let stages = [Stage::Upstream, Stage::Client, Stage::Finished, Stage::Broken, Stage::TooLarge];
        stages.into_iter().find(|stage| *stage as u8 == self.stage.load(Ordering::Acquire)).unwrap_or(Stage::Broken)
    }

    /// How many bytes have been sent.
    pub(crate) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Acquire)
    }

    /// Waits until the whole body was sent.
    pub(crate) async fn wait_until_finished(&self) {
        while self.stage() != Stage::Finished {
            self.finished.notified().await;
        }
    }

    fn enter(&self, stage: Stage) {
        self.stage.store(stage as u8, Ordering::Release);
        if stage == Stage::Finished {
            self.finished.notify_one();
        }
    }
}

/// A request body that ends with an error when it exceeds its limits, so that the upstream never takes a part as complete.
pub(crate) struct Upload<B> {
    /// `SyncWrapper` because the HTTP client requires `Sync`, though it never shares the body between threads.
    stream: Pin<Box<SyncWrapper<B>>>,
    sent: u64,
    limit: u64,
    declared: Option<u64>,
    progress: Arc<Progress>,
}

/// Why a body ended early.
#[derive(Debug)]
pub(crate) struct UploadError(Option<Box<dyn Error + Send + Sync>>);

impl<B> Upload<B> {
    /// A body of at most `limit` bytes, and of exactly `declared` bytes if that is set.
    pub(crate) fn new(stream: B, limit: u64, declared: Option<u64>, progress: Arc<Progress>) -> Self {
        Self { stream: Box::pin(SyncWrapper::new(stream)), sent: 0, limit, declared, progress }
    }

    fn fail(&self, stage: Stage, source: Option<Box<dyn Error + Send + Sync>>) -> UploadError {
        self.progress.enter(stage);
        UploadError(source)
    }
}

impl<B, E> http_body::Body for Upload<B>
where
    B: Stream<Item = Result<Bytes, E>>,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    type Data = Bytes;
    type Error = UploadError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, UploadError>>> {
        if self.is_end_stream() {
            return Poll::Ready(None);
        }
        self.progress.enter(Stage::Client);
        let chunk = loop {
            match ready!(self.stream.as_mut().get_pin_mut().poll_next(context)) {
                // An empty chunk would end a chunked body early.
                Some(Ok(chunk)) if chunk.is_empty() => {}
                chunk => break chunk,
            }
        };
        Poll::Ready(match chunk {
            Some(Ok(chunk)) => {
                self.sent = self.sent.saturating_add(chunk.len() as u64);
                self.progress.sent.store(self.sent, Ordering::Release);
                if self.sent > self.limit {
                    return Poll::Ready(Some(Err(self.fail(Stage::TooLarge, None))));
                }
                match self.declared {
                    Some(declared) if self.sent > declared => Some(Err(self.fail(Stage::Broken, None))),
                    // The HTTP client does not poll again when the declared length is reached.
                    Some(declared) if self.sent == declared => {
                        self.progress.enter(Stage::Finished);
                        Some(Ok(Frame::data(chunk)))
                    }
                    _ => {
                        self.progress.enter(Stage::Upstream);
                        Some(Ok(Frame::data(chunk)))
                    }
                }
            }
            Some(Err(error)) => Some(Err(self.fail(Stage::Broken, Some(error.into())))),
            None if self.declared.is_some_and(|declared| declared != self.sent) => {
                Some(Err(self.fail(Stage::Broken, None)))
            }
            None => {
                self.progress.enter(Stage::Finished);
                None
            }
        })
    }

    fn is_end_stream(&self) -> bool {
        self.declared == Some(self.sent)
    }

    fn size_hint(&self) -> SizeHint {
        match self.declared {
            Some(declared) => SizeHint::with_exact(declared.saturating_sub(self.sent)),
            None => SizeHint::default(),
        }
    }
}

impl fmt::Display for UploadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request's body ended early")
    }
}

impl Error for UploadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.as_deref().map(|source| source as _)
    }
}

/// Returns the length that a request declares. `Err` if it is invalid or declared twice.
pub(crate) fn declared_length(headers: &dyn clerk_core::adapter::HeaderSource) -> Result<Option<u64>, ()> {
    let mut chunked = false;
    headers.visit("transfer-encoding", &mut |_| chunked = true);
    let mut lengths = Vec::new();
    headers.visit("content-length", &mut |value| lengths.push(value));
    match *lengths {
        // `Transfer-Encoding` overrides the length (RFC 9112, section 6.3).
        _ if chunked => Ok(None),
        [] => Ok(None),
        [one] if !one.is_empty() && one.iter().all(u8::is_ascii_digit) => {
            std::str::from_utf8(one).ok().and_then(|digits| digits.parse().ok()).map(Some).ok_or(())
        }
        _ => Err(()),
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::VecDeque, task::Waker};

    use http_body::Body;

    use super::*;
    use crate::request::test::Headers;

    /// Prepared chunks, followed by an end, an error or nothing.
    struct Chunks(VecDeque<Poll<Option<Result<Bytes, std::io::Error>>>>);

    impl Stream for Chunks {
        type Item = Result<Bytes, std::io::Error>;

        fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            self.0.pop_front().unwrap_or(Poll::Pending)
        }
    }

    /// Sends all chunks. Returns the number of bytes sent, and the last stage.
    fn run(chunks: &[&'static str], end: &str, limit: u64, declared: Option<u64>) -> (u64, Stage) {
        let mut polls: VecDeque<_> =
            chunks.iter().map(|chunk| Poll::Ready(Some(Ok(Bytes::from_static(chunk.as_bytes()))))).collect();
        match end {
            "end" => polls.push_back(Poll::Ready(None)),
            "failure" => polls.push_back(Poll::Ready(Some(Err(std::io::Error::other("gone"))))),
            _ => {}
        }
        let progress = Arc::new(Progress::default());
        assert_eq!(progress.stage(), Stage::Upstream);
        let mut upload = Box::pin(Upload::new(Chunks(polls), limit, declared, Arc::clone(&progress)));
        let mut sent = 0;
        let mut context = Context::from_waker(Waker::noop());
        while !upload.is_end_stream() {
            match upload.as_mut().poll_frame(&mut context) {
                Poll::Ready(Some(Ok(frame))) => sent += frame.into_data().unwrap().len() as u64,
                Poll::Ready(Some(Err(_)) | None) | Poll::Pending => break,
            }
        }
        (sent, progress.stage())
    }

    #[test]
    fn a_body_keeps_its_limits() {
        for (chunks, end, limit, declared, expected) in [
            (&["ab", "cd"][..], "end", 4, None, (4, Stage::Finished)),
            (&["ab", "cd"], "end", 4, Some(4), (4, Stage::Finished)),
            (&["ab", "", "cd"], "end", 9, None, (4, Stage::Finished)),
            (&[], "end", 0, None, (0, Stage::Finished)),
            (&["ab", "cd"], "pending", 9, None, (4, Stage::Client)),
            (&["ab", "cd"], "pending", 9, Some(4), (4, Stage::Finished)),
            (&["ab", "cde"], "end", 4, None, (2, Stage::TooLarge)),
            (&["abcde"], "end", 4, Some(5), (0, Stage::TooLarge)),
            (&["ab", "cd"], "end", 9, Some(5), (4, Stage::Broken)),
            (&["ab", "cd"], "end", 9, Some(3), (2, Stage::Broken)),
            (&["ab"], "failure", 9, None, (2, Stage::Broken)),
        ] {
            assert_eq!(run(chunks, end, limit, declared), expected, "{chunks:?} {end} {limit} {declared:?}");
        }
    }

    #[test]
    fn a_declared_length_is_one_number() {
        for (headers, expected) in [
            (&[][..], Ok(None)),
            (&[("content-length", "7")], Ok(Some(7))),
            (&[("content-length", "7"), ("transfer-encoding", "chunked")], Ok(None)),
            (&[("content-length", "7"), ("content-length", "7")], Err(())),
            (&[("content-length", "")], Err(())),
            (&[("content-length", "+7")], Err(())),
            (&[("content-length", "7, 7")], Err(())),
            (&[("content-length", "99999999999999999999")], Err(())),
        ] {
            assert_eq!(declared_length(&Headers::new(headers)), expected, "{headers:?}");
        }
    }
}
