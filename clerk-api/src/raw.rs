//! [`RawRequest`]: a call that this crate has no name for.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use crate::{
    Method,
    arguments::{Argument, Json},
    call::{Call, Sending},
    client::Client,
    operation::Operation,
};

/// A call by method and path; made by [`Client::request`]. Its answer is JSON as it came, or null without a body.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until `send()` is awaited"]
pub struct RawRequest(Call);

impl RawRequest {
    pub(crate) fn new(client: &Client, method: Method, path: String) -> Self {
        const DELETE: Operation = Operation::raw(Method::Delete);
        const GET: Operation = Operation::raw(Method::Get);
        const PATCH: Operation = Operation::raw(Method::Patch);
        const POST: Operation = Operation::raw(Method::Post);
        const PUT: Operation = Operation::raw(Method::Put);
        let operation = match method {
            Method::Delete => &DELETE,
            Method::Get => &GET,
            Method::Patch => &PATCH,
            Method::Post => &POST,
            Method::Put => &PUT,
        };
        let mut call = Call::new(client, operation);
        call.path(path);
        Self(call)
    }

    /// Fills the path's next placeholder, `{...}`.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.0.id(id.into());
        self
    }

    /// Adds a parameter to the query: a list repeats its name, null is left out. With a value that cannot be written as
    /// JSON the call fails, and nothing is sent.
    pub fn query(mut self, name: &str, value: impl Serialize) -> Self {
        match Argument::<Json>::into_json(value) {
            Some(value) => self.0.query(name, value),
            None => self.0.cannot_write(name.to_owned()),
        }
        self
    }

    /// The body.
    pub fn json(mut self, body: impl Serialize) -> Self {
        self.0.whole_body(Argument::<Json>::into_json(body));
        self
    }

    /// Says that the call may be repeated after it failed, though it is no GET.
    pub fn idempotent(mut self) -> Self {
        self.0.repeatable();
        self
    }

    /// How long it may take in all, instead of the [client's](Client::timeout) time.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.0.timeout(timeout);
        self
    }

    /// Makes the call.
    pub fn send(self) -> Sending<Value> {
        self.0.send()
    }
}
