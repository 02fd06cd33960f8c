//! [`PageStream`]: all items of a list, fetched page by page.

mod walk;

use std::{
    collections::VecDeque,
    fmt,
    future::Future as _,
    pin::Pin,
    task::{Context, Poll, ready},
};

use clerk_types::{Field, Page};
use futures_core::Stream;
use serde_json::Value;

use self::walk::{PageWalk, Position};
use crate::{
    http::error::{ApiError, ApiErrorKind},
    operation::Place,
    request::{Request, SendFuture},
};

/// The page size if the call sets no `limit`. The API's own default is 10.
const DEFAULT_PAGE_SIZE: usize = 100;

/// Stream of all items of a list, in the API's order. It fetches a page only after all items of the page before were
/// taken.
///
/// Items may be removed while the stream is read, also each one as it comes: the stream skips none and repeats none. Items
/// that are added meanwhile may be left out. To notice such changes, the stream keeps a hash of each item, and pages by
/// offset overlap by one item.
///
/// It ends:
///
/// - when it reaches the API's total; without a total, after a page that is shorter than another,
/// - after an empty page,
/// - if pages repeat, which means that the server ignores the offset,
/// - after an error, except an item that differs from Clerk's description ([`ApiErrorKind::Mismatch`]): the next call of
///   `next` goes on with the item after it.
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
    call: Request,
    walk: PageWalk,
    items: VecDeque<Result<T, ApiError>>,
    request: Option<SendFuture<Page<Value>>>,
}

impl<T: Field> PageStream<T> {
    pub(crate) fn new(mut call: Request) -> Self {
        let operation = call.operation();
        let by_cursor = operation.has("starting_after") && call.is_ordered_by_creation();
        if operation.has("limit") && !call.sets("limit") {
            call.set::<i64>(Place::Query, "limit", DEFAULT_PAGE_SIZE as i64);
        } else if call.query_number("limit") == Some(1) && !by_cursor {
            // Pages overlap by one item.
            call.set::<i64>(Place::Query, "limit", 2);
        }
        let walk = PageWalk::new(by_cursor, call.query_number("limit"), call.query_number("offset").unwrap_or(0));
        Self { call, walk, items: VecDeque::new(), request: None }
    }

    /// For lists that have a total only if this flag is set.
    pub(crate) fn with_flag(mut call: Request, flag: &'static str) -> Self {
        if !call.sets(flag) {
            call.set::<bool>(Place::Query, flag, true);
        }
        Self::new(call)
    }

    /// The call of the next page.
    fn next_call(&self) -> Request {
        let mut call = self.call.clone();
        match self.walk.position() {
            Position::After(id) => {
                // The API refuses a cursor with another offset.
                call.set::<i64>(Place::Query, "offset", 0_i64);
                call.set::<String>(Place::Query, "starting_after", id);
            }
            Position::Beginning => {}
            Position::Offset(offset) => {
                call.set::<i64>(Place::Query, "offset", i64::try_from(*offset).unwrap_or(i64::MAX));
            }
        }
        call
    }

    fn accept_page(&mut self, page: Page<Value>) {
        let operation = self.call.operation();
        let total = page.total_count.and_then(|total| usize::try_from(total).ok());
        let new = self.walk.accept(&page.data, total);
        if self.walk.is_stuck() {
            tracing::warn!(target: "clerk", operation = operation.id, "the server sent the same page again; the list ends here");
        }
        if !operation.has("offset") && !operation.has("starting_after") {
            self.walk.end();
        }
        let new = page.data.into_iter().enumerate().zip(new).filter(|(_, is_new)| *is_new);
        self.items = new
            .map(|((at, item), _)| {
                T::from_value(item).map_err(|mismatch| {
                    ApiError::mismatch(mismatch.prefixed_by(&format!("data[{at}]"))).with_call(operation.id, 1)
                })
            })
            .collect();
    }
}

impl Request {
    /// Whether cursors work: only in this order.
    fn is_ordered_by_creation(&self) -> bool {
        self.query_text("order_by").is_none_or(|order| order.trim_start_matches(['+', '-']) == "created_at")
    }
}

impl ApiError {
    /// Whether the API refused a parameter, which may be a cursor whose item is gone.
    fn is_parameter_refused(&self) -> bool {
        self.kind() == ApiErrorKind::Refused
            && (matches!(self.status(), Some(400 | 422)) || self.has_code("resource_not_found"))
    }
}

impl<T: Field + Unpin> Stream for PageStream<T> {
    type Item = Result<T, ApiError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if let Some(item) = this.items.pop_front() {
                return Poll::Ready(Some(item));
            }
            if this.walk.is_done() {
                return Poll::Ready(None);
            }
            let request = match &mut this.request {
                Some(request) => request,
                None => this.request.insert(this.next_call().send_as()),
            };
            let page = ready!(Pin::new(request).poll(context));
            this.request = None;
            match page {
                Ok(page) => this.accept_page(page),
                Err(error) if error.is_parameter_refused() && this.walk.go_back_by_cursor() => {}
                Err(error) => {
                    this.walk.end();
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

impl<T> fmt::Debug for PageStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageStream").field("call", &self.call).finish_non_exhaustive()
    }
}
