//! [`Items`]: a list of any length, page after page.

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
    call::{Call, Sending},
    error::ApiError,
    field::Field,
    operation::Place,
    page::Page,
};

/// How many items a page has unless the call says so; the API's own default is 10.
const PAGE: usize = 100;

/// Stream of all items of a list, in the API's order. A page is fetched when the items of the one before it were taken,
/// never sooner.
///
/// It ends after the total, or where the API says none after a page that is not as long as was asked for; after an empty
/// page; after one that begins as the page before it did, as it comes from a server that does not look at where a page
/// shall begin; and after an error. Where the API has no cursor, items that are added or removed meanwhile can shift others
/// past a page's edge, as they do in any list with offsets.
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
pub struct Items<T> {
    call: Call,
    /// How long a page is to be, where that can be asked for.
    limit: Option<usize>,
    offset: usize,
    /// The mark of the first item of the page before.
    first: Option<u64>,
    taken: VecDeque<T>,
    flight: Option<Sending<Page<T>>>,
    is_over: bool,
}

impl<T: Field> Items<T> {
    pub(crate) fn new(mut call: Call) -> Self {
        let limit = call.operation().has("limit").then(|| call.number("limit").filter(|limit| *limit > 0));
        let limit = limit.map(|asked| {
            asked.unwrap_or_else(|| {
                call.set::<Integer>(Place::Query, "limit", PAGE as i64);
                PAGE
            })
        });
        let offset = call.number("offset").unwrap_or(0);
        Self { call, limit, offset, first: None, taken: VecDeque::new(), flight: None, is_over: false }
    }

    /// For lists that are bare until they are asked for pages, by a flag of this name.
    pub(crate) fn asking(mut call: Call, flag: &'static str) -> Self {
        if call.text(flag).is_none() {
            call.set::<Flag>(Place::Query, flag, true);
        }
        Self::new(call)
    }

    fn keep(&mut self, page: Page<T>) {
        let count = page.data.len();
        let first = page.data.first().map(mark);
        if first.is_some() && first == self.first {
            tracing::warn!(target: "clerk", operation = self.call.operation().id, "a page is the one before again: the list ends here");
            self.is_over = true;
            return;
        }
        self.first = first;
        self.offset += count;
        // Less than what came already is no total.
        let total =
            page.total_count.and_then(|total| usize::try_from(total).ok()).filter(|total| *total >= self.offset);
        let is_last = match total {
            Some(total) => total == self.offset,
            None => self.limit.is_some_and(|limit| count != limit),
        };
        let operation = self.call.operation();
        let can_go_on = operation.has("offset") || operation.has("starting_after");
        self.is_over = is_last || count == 0 || !can_go_on;
        self.taken = page.data.into();
        if !self.is_over {
            self.go_on();
        }
    }

    /// By the last item's id where the API has that, else by counting.
    fn go_on(&mut self) {
        let by_cursor = self.call.operation().has("starting_after") && self.call.is_in_order_of_creation();
        let last = self.taken.back().map(T::to_value);
        match last.as_ref().and_then(|last| last.get("id")).and_then(Value::as_str).filter(|_| by_cursor) {
            Some(id) => {
                self.call.set::<Integer>(Place::Query, "offset", 0_i64);
                self.call.set::<Text>(Place::Query, "starting_after", id);
            }
            None => self.call.set::<Integer>(Place::Query, "offset", i64::try_from(self.offset).unwrap_or(i64::MAX)),
        }
    }
}

/// What tells an item from another: its id where it has one. Items may hold secrets, so none is kept for this.
fn mark<T: Field>(item: &T) -> u64 {
    let value = item.to_value();
    let mut hasher = DefaultHasher::new();
    match value.get("id").and_then(Value::as_str) {
        Some(id) => id.hash(&mut hasher),
        None => value.to_string().hash(&mut hasher),
    }
    hasher.finish()
}

impl Call {
    /// Cursors hold in that order alone.
    fn is_in_order_of_creation(&self) -> bool {
        self.text("order_by").is_none_or(|order| order.trim_start_matches(['+', '-']) == "created_at")
    }
}

impl<T: Field + Unpin> Stream for Items<T> {
    type Item = Result<T, ApiError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if let Some(item) = this.taken.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            if this.is_over {
                return Poll::Ready(None);
            }
            let flight = this.flight.get_or_insert_with(|| this.call.clone().send());
            let page = ready!(Pin::new(flight).poll(context));
            this.flight = None;
            match page {
                Ok(page) => this.keep(page),
                Err(error) => {
                    this.is_over = true;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("call", &self.call).field("offset", &self.offset).finish_non_exhaustive()
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

    /// A list that the API does not have (yet): what can be asked of it differs.
    const fn operation(parameters: &'static [Parameter]) -> Operation {
        Operation { parameters, path: "/things", body: BodyKind::None, ..Operation::raw(Method::Get) }
    }

    static BARE: Operation = operation(&[]);
    static WITHOUT_LIMIT: Operation = operation(&[OFFSET]);

    /// How many items came, and how many requests a server saw that answers them all alike.
    async fn all(operation: &'static Operation, body: &'static str) -> (usize, usize) {
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
        let items: Vec<Value> = Items::new(Call::new(&client, operation)).try_collect().await.unwrap();
        (items.len(), requests.load(Ordering::SeqCst))
    }

    #[tokio::test]
    async fn a_list_that_cannot_be_asked_for_more_is_one_page() {
        assert_eq!(all(&BARE, r#"[{"id":"a"},{"id":"b"}]"#).await, (2, 1));
        assert_eq!(all(&BARE, r#"{"data":[{"id":"a"}],"total_count":9}"#).await, (1, 1));
        assert_eq!(all(&WITHOUT_LIMIT, r#"[{"id":"a"},{"id":"b"}]"#).await, (2, 2), "the second is the first again");
        assert_eq!(all(&WITHOUT_LIMIT, "[7,8]").await, (2, 2), "no ids");
        assert_eq!(all(&WITHOUT_LIMIT, "[]").await, (0, 1));
    }
}
