//! [`Request`]: one call of the API with its parameters. All operations are sent from here.

mod send;

use std::{borrow::Cow, fmt, time::Duration};

use clerk_types::Argument;
use serde::Serialize;
use serde_json::{Map, Value};

pub use self::send::SendFuture;
use crate::{
    client::Client,
    http::upload::{Form, Upload},
    operation::{BodyKind, Method, Operation, Place},
};

/// A call before it is sent. Every operation is a thin wrapper around it, so that little code is compiled per operation.
///
/// [`Client::request`] makes one out of a method and a path; its response is JSON, or null if there is no body.
#[derive(Clone)]
#[must_use = "nothing is sent until `send()` is awaited"]
pub struct Request {
    client: Client,
    operation: &'static Operation,
    /// The path of a raw request, in place of the operation's.
    path: Option<String>,
    ids: Vec<String>,
    query: Vec<(String, String)>,
    headers: Vec<(&'static str, String)>,
    body: Map<String, Value>,
    /// A complete body, in place of body parameters.
    full_body: Option<Value>,
    form: Form,
    secret: Option<clerk_core::config::MachineSecretKey>,
    idempotent: bool,
    timeout: Option<Duration>,
    /// Parameters with invalid values, and what is wrong with each. The call fails instead of being sent without them.
    invalid: Vec<(Cow<'static, str>, String)>,
}

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
    pub fn request(&self, method: Method, path: impl Into<String>) -> Request {
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
        let mut request = Request::new(self, operation);
        request.path = Some(path.into());
        request
    }
}

/// What a caller sets who has only a method and a path.
impl Request {
    /// Fills the path's next placeholder, `{...}`.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.add_id(id.into());
        self
    }

    /// Adds a query parameter: a list repeats its name, null is left out. If the value cannot be written as JSON, the
    /// call fails and nothing is sent.
    pub fn query(mut self, name: &str, value: impl Serialize) -> Self {
        match serde_json::to_value(value) {
            Ok(value) => self.add_query(name, value),
            Err(_) => self.reject_parameter(name.to_owned()),
        }
        self
    }

    /// Sets the JSON body.
    pub fn json(mut self, body: impl Serialize) -> Self {
        match serde_json::to_value(body) {
            Ok(body) => self.full_body = Some(body),
            Err(_) => self.reject_parameter("body"),
        }
        self
    }

    /// Marks the call as idempotent, so that it is retried like a GET call.
    pub fn idempotent(mut self) -> Self {
        self.set_idempotent();
        self
    }

    /// How long the call may take in total, in place of the [client's](Client::timeout) timeout.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.set_timeout(timeout);
        self
    }

    /// Sends the call.
    pub fn send(self) -> SendFuture<Value> {
        self.send_as()
    }
}

impl Request {
    pub(crate) fn new(client: &Client, operation: &'static Operation) -> Self {
        Self {
            client: client.clone(),
            operation,
            path: None,
            ids: Vec::new(),
            query: Vec::new(),
            headers: Vec::new(),
            body: Map::new(),
            full_body: None,
            form: Form::default(),
            secret: None,
            idempotent: operation.method == Method::Get,
            timeout: None,
            invalid: Vec::new(),
        }
    }

    pub(crate) fn add_id(&mut self, id: String) {
        self.ids.push(id);
    }

    pub(crate) fn set<K>(&mut self, place: Place, name: &'static str, value: impl Argument<K>) {
        self.set_json(place, name, value.into_json());
    }

    fn set_json(&mut self, place: Place, name: &'static str, value: Option<Value>) {
        self.invalid.retain(|(known, _)| known != name);
        let Some(value) = value else {
            return self.reject_parameter(name);
        };
        if let Some(range) = self.operation.range(place, name).filter(|range| !range.includes(&value)) {
            return self.invalid.push((name.into(), format!("is out of range: {}", range.text)));
        }
        match (place, self.operation.body) {
            (Place::Header, _) => self.set_header(name, to_text(&value)),
            (Place::Query, _) => {
                self.query.retain(|(known, _)| known != name);
                self.add_query(name, value);
            }
            (Place::Body, BodyKind::Upload) => self.form.add_text(name, to_text(&value)),
            (Place::Body, _) => {
                self.body.insert(name.to_owned(), value);
            }
        }
    }

    fn set_header(&mut self, name: &'static str, value: String) {
        if !value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
            return self.invalid.push((name.into(), "may only have ASCII letters, digits, - and _".to_owned()));
        }
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value));
    }

    /// Adds a query parameter. A list repeats its name; null is left out.
    pub(crate) fn add_query(&mut self, name: &str, value: Value) {
        let list = match value {
            Value::Array(list) => list,
            one => vec![one],
        };
        self.query.extend(list.iter().filter(|one| !one.is_null()).map(|one| (name.to_owned(), to_text(one))));
    }

    /// Makes the call fail, because this parameter's value cannot be written as JSON.
    pub(crate) fn reject_parameter(&mut self, name: impl Into<Cow<'static, str>>) {
        self.invalid.push((name.into(), "cannot be written as JSON".to_owned()));
    }

    /// Whether a query parameter is set, to a valid value or an invalid one.
    pub(crate) fn sets(&self, name: &str) -> bool {
        self.query_text(name).is_some() || self.invalid.iter().any(|(known, _)| known == name)
    }

    /// A query parameter, if it is set and is a number.
    pub(crate) fn query_number(&self, name: &str) -> Option<usize> {
        self.query_text(name)?.parse().ok()
    }

    /// A query parameter, if it is set.
    pub(crate) fn query_text(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    pub(crate) fn add_file(&mut self, name: &'static str, file: Upload) {
        self.form.add_file(name, file);
    }

    /// Sets the body to a list of the bodies of other calls. Their headers become members of their bodies.
    pub(crate) fn set_bulk_body(&mut self, calls: impl IntoIterator<Item = Self>) {
        let mut bodies = Vec::new();
        for mut call in calls {
            self.invalid.extend(call.invalid);
            let headers = call.headers.into_iter();
            call.body.extend(headers.map(|(name, value)| (name.to_ascii_lowercase().replace('-', "_"), value.into())));
            bodies.push(Value::Object(call.body));
        }
        let bodies = Value::Array(bodies);
        let BodyKind::Bulk { member, range, .. } = self.operation.body else { return };
        if !range.includes(&bodies) {
            self.invalid.push(("the list".into(), format!("is out of range: {}", range.text)));
        }
        self.full_body = Some(match member {
            Some(member) => Map::from_iter([(member.to_owned(), bodies)]).into(),
            None => bodies,
        });
    }

    pub(crate) fn set_secret(&mut self, secret: clerk_core::config::MachineSecretKey) {
        self.secret = Some(secret);
    }

    pub(crate) fn set_idempotent(&mut self) {
        self.idempotent = true;
    }

    pub(crate) fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = Some(timeout);
    }

    pub(crate) const fn operation(&self) -> &'static Operation {
        self.operation
    }
}

/// A value as text, for a query or a form: a whole number without a fraction, 50 and not 50.0.
fn to_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => {
            number.as_f64().filter(|_| number.is_f64()).map_or(value.to_string(), |n| n.to_string())
        }
        _ => value.to_string(),
    }
}

/// Shows no parameters: they may be passwords or tokens.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("operation", &self.operation.id).finish_non_exhaustive()
    }
}
