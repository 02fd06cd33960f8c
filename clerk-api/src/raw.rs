//! [`RawRequest`]: a call by method and path, for operations that this crate has no method for.

use std::time::Duration;

use clerk_types::Argument;
use serde::Serialize;
use serde_json::Value;

use crate::{
    Method,
    call::{Call, SendFuture},
    client::Client,
    operation::Operation,
};

impl Client {
    /// Starts a call by method and path, for operations that this crate has no method for.
    ///
    /// ```no_run
    /// # async fn run(client: clerk_api::Client) -> Result<(), clerk_api::ApiError> {
    /// use clerk_api::Method;
    /// let role_set = client.request(Method::Get, "/role_sets/{id}").id("rs_1").query("limit", 5).send().await?;
    /// println!("{}", role_set["name"]);
    /// # Ok(()) }
    /// ```
    pub fn request(&self, method: Method, path: impl Into<String>) -> RawRequest {
        RawRequest::new(self, method, path.into())
    }
}

/// A call by method and path; created by [`Client::request`]. Returns the response's JSON unchanged, or null if there
/// is no body.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until `send()` is awaited"]
pub struct RawRequest(Call);

impl RawRequest {
    fn new(client: &Client, method: Method, path: String) -> Self {
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
        call.set_path(path);
        Self(call)
    }

    /// Fills the path's next placeholder, `{...}`.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.0.add_id(id.into());
        self
    }

    /// Adds a query parameter: a list repeats its name, null is left out. If the value cannot be written as JSON, the
    /// call fails and nothing is sent.
    pub fn query(mut self, name: &str, value: impl Serialize) -> Self {
        match Argument::<Value>::into_json(value) {
            Some(value) => self.0.add_query(name, value),
            None => self.0.reject_parameter(name.to_owned()),
        }
        self
    }

    /// Sets the JSON body.
    pub fn json(mut self, body: impl Serialize) -> Self {
        self.0.set_body(Argument::<Value>::into_json(body));
        self
    }

    /// Marks the call as idempotent, so that it is retried like a GET call.
    pub fn idempotent(mut self) -> Self {
        self.0.set_idempotent();
        self
    }

    /// How long the call may take in total, in place of the [client's](Client::timeout) timeout.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.0.set_timeout(timeout);
        self
    }

    /// Sends the call.
    pub fn send(self) -> SendFuture<Value> {
        self.0.send()
    }
}
