//! [`Items`]: a list of any length, page after page.

use std::{
    collections::VecDeque,
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use serde_json::Value;

use crate::{
    arguments::{Integer, Text},
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
/// It ends after a page that is not full, after the total, or after an error. Where the API has no cursor, items that
/// are added or removed meanwhile can shift others past a page's edge, as they do in any list with offsets.
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
    limit: usize,
    offset: usize,
    taken: VecDeque<T>,
    flight: Option<Sending<Page<T>>>,
    is_over: bool,
}

impl<T: Field> Items<T> {
    pub(crate) fn new(mut call: Call) -> Self {
        let limit = call.number("limit").filter(|limit| *limit > 0);
        if limit.is_none() {
            call.set::<Integer>(Place::Query, "limit", PAGE as i64);
        }
        let offset = call.number("offset").unwrap_or(0);
        Self { call, limit: limit.unwrap_or(PAGE), offset, taken: VecDeque::new(), flight: None, is_over: false }
    }

    fn keep(&mut self, page: Page<T>) {
        let count = page.data.len();
        self.offset += count;
        let total = page.total_count.and_then(|total| usize::try_from(total).ok());
        self.is_over = count < self.limit || total.is_some_and(|total| self.offset >= total);
        self.taken = page.data.into();
        if !self.is_over {
            self.go_on();
        }
    }

    /// By the last item's id where the API has that, else by counting.
    fn go_on(&mut self) {
        let by_cursor = self.call.operation().parameters.iter().any(|parameter| parameter.name == "starting_after")
            && self.call.is_in_order_of_creation();
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
