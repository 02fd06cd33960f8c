//! [`PageStream`]: all items of a list, fetched page by page.

use std::{
    collections::VecDeque,
    fmt,
    future::Future,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use serde_json::Value;

use crate::{
    arguments::{Flag, Integer, Text},
    call::{Call, SendFuture},
    error::ApiError,
    field::Field,
    operation::Place,
    page::Page,
};

/// The page size if the call sets no `limit`. The API's own default is 10.
const DEFAULT_PAGE_SIZE: usize = 100;

/// Stream of all items of a list, in the API's order. It fetches a page only after all items of the page before were
/// taken.
///
/// It ends:
///
/// - when the number of items reaches the API's total; without a total, after a page that is not as long as its
///   `limit`,
/// - after an empty page,
/// - after a page that begins like the page before, which means that the server ignores the offset,
/// - after an error.
///
/// Lists without a cursor are read by offset: an item that is added or removed during the stream can make it skip or
/// repeat others.
///
/// ```no_run
/// # async fn run(client: clerk_api::Client) -> Result<(), clerk_api::ApiError> {
/// use futures_util::TryStreamExt as _;
///
/// let mut users = client.users().list().order_by("created_at").stream();
/// while let Some(user) = users.try_next().await? {
///     println!("{}", user.id);
/// }
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent until it is polled"]
pub struct PageStream<T> {
    call: Call,
    /// The page size, if the operation has this parameter.
    limit: Option<usize>,
    offset: usize,
    /// The [`fingerprint`] of the first item of the page before.
    previous_first: Option<u64>,
    items: VecDeque<T>,
    request: Option<SendFuture<Page<T>>>,
    is_done: bool,
}

impl<T: Field> PageStream<T> {
    pub(crate) fn new(mut call: Call) -> Self {
        let limit = call.operation().has("limit").then(|| call.query_number("limit").filter(|limit| *limit > 0));
        let limit = limit.map(|limit| {
            limit.unwrap_or_else(|| {
                call.set::<Integer>(Place::Query, "limit", DEFAULT_PAGE_SIZE as i64);
                DEFAULT_PAGE_SIZE
            })
        });
        let offset = call.query_number("offset").unwrap_or(0);
        Self { call, limit, offset, previous_first: None, items: VecDeque::new(), request: None, is_done: false }
    }

    /// For lists that have a total only if this flag is set.
    pub(crate) fn with_flag(mut call: Call, flag: &'static str) -> Self {
        if call.query_text(flag).is_none() {
            call.set::<Flag>(Place::Query, flag, true);
        }
        Self::new(call)
    }

    fn accept_page(&mut self, page: Page<T>) {
        let count = page.data.len();
        let first = page.data.first().map(fingerprint);
        if first.is_some() && first == self.previous_first {
            tracing::warn!(target: "clerk", operation = self.call.operation().id, "the server sent the same page again; the list ends here");
            self.is_done = true;
            return;
        }
        self.previous_first = first;
        self.offset += count;
        // A total below the number of items so far is wrong.
        let total =
            page.total_count.and_then(|total| usize::try_from(total).ok()).filter(|total| *total >= self.offset);
        let is_last = match total {
            Some(total) => total == self.offset,
            None => self.limit.is_some_and(|limit| count != limit),
        };
        let operation = self.call.operation();
        let can_continue = operation.has("offset") || operation.has("starting_after");
        self.is_done = is_last || count == 0 || !can_continue;
        self.items = page.data.into();
        if !self.is_done {
            self.request_next_page();
        }
    }

    /// Continues after the last item's id if the API has cursors, otherwise by offset.
    fn request_next_page(&mut self) {
        let by_cursor = self.call.operation().has("starting_after") && self.call.is_ordered_by_creation();
        let last = self.items.back().map(T::to_value);
        match last.as_ref().and_then(|last| last.get("id")).and_then(Value::as_str).filter(|_| by_cursor) {
            Some(id) => {
                self.call.set::<Integer>(Place::Query, "offset", 0_i64);
                self.call.set::<Text>(Place::Query, "starting_after", id);
            }
            None => self.call.set::<Integer>(Place::Query, "offset", i64::try_from(self.offset).unwrap_or(i64::MAX)),
        }
    }
}

/// Tells items apart: a hash of the id, or of the whole item if it has none. Items may hold secrets, so none is kept.
fn fingerprint<T: Field>(item: &T) -> u64 {
    let value = item.to_value();
    let mut hasher = DefaultHasher::new();
    match value.get("id").and_then(Value::as_str) {
        Some(id) => id.hash(&mut hasher),
        None => value.to_string().hash(&mut hasher),
    }
    hasher.finish()
}

impl Call {
    /// Whether cursors work: only in this order.
    fn is_ordered_by_creation(&self) -> bool {
        self.query_text("order_by").is_none_or(|order| order.trim_start_matches(['+', '-']) == "created_at")
    }
}

impl<T: Field + Unpin> Stream for PageStream<T> {
    type Item = Result<T, ApiError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if let Some(item) = this.items.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            if this.is_done {
                return Poll::Ready(None);
            }
            let request = this.request.get_or_insert_with(|| this.call.clone().send());
            let page = ready!(Pin::new(request).poll(context));
            this.request = None;
            match page {
                Ok(page) => this.accept_page(page),
                Err(error) => {
                    this.is_done = true;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

impl<T> fmt::Debug for PageStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageStream").field("call", &self.call).field("offset", &self.offset).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read as _, Write as _},
        net::TcpListener,
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
    };

    use futures_util::TryStreamExt as _;

    use super::*;
    use crate::{
        Client, Method,
        operation::{BodyKind, Operation, Parameter, Shape},
    };

    const OFFSET: Parameter = Parameter::new(Place::Query, "offset", Shape::Integer, false);

    /// A list operation that the API does not have, with these parameters.
    const fn operation(parameters: &'static [Parameter]) -> Operation {
        Operation { parameters, path: "/things", body: BodyKind::None, ..Operation::raw(Method::Get) }
    }

    static BARE: Operation = operation(&[]);
    static WITHOUT_LIMIT: Operation = operation(&[OFFSET]);

    /// Streams from a server that sends this body each time. Returns the number of items and of requests.
    async fn stream_all(operation: &'static Operation, body: &'static str) -> (usize, usize) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&requests);
        std::thread::spawn(move || {
            while let Ok((mut stream, _)) = listener.accept() {
                seen.fetch_add(1, Ordering::SeqCst);
                let _ = stream.read(&mut [0; 4096]);
                let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
                let _ = stream.write_all(format!("{head}{body}").as_bytes());
            }
        });
        let clerk = clerk_core::Clerk::builder().secret_key("sk_test_abcdefgh".parse().unwrap()).api_url(&url).unwrap();
        let client = Client::from_clerk(&clerk.build().unwrap());
        let items: Vec<Value> = PageStream::new(Call::new(&client, operation)).try_collect().await.unwrap();
        (items.len(), requests.load(Ordering::SeqCst))
    }

    #[tokio::test]
    async fn a_list_without_paging_parameters_is_one_page() {
        assert_eq!(stream_all(&BARE, r#"[{"id":"a"},{"id":"b"}]"#).await, (2, 1));
        assert_eq!(stream_all(&BARE, r#"{"data":[{"id":"a"}],"total_count":9}"#).await, (1, 1));
        assert_eq!(
            stream_all(&WITHOUT_LIMIT, r#"[{"id":"a"},{"id":"b"}]"#).await,
            (2, 2),
            "the second page repeats the first"
        );
        assert_eq!(stream_all(&WITHOUT_LIMIT, "[7,8]").await, (2, 2), "no ids");
        assert_eq!(stream_all(&WITHOUT_LIMIT, "[]").await, (0, 1));
    }
}
