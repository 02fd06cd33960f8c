//! [`Call`]: one call of the API with its parameters. All operations are sent from here.

use std::{
    borrow::Cow,
    fmt,
    future::Future,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use clerk_core::backend_rules::random;
use clerk_types::{Argument, Field, Shape};
use serde_json::{Map, Value};
use tracing::{Instrument, Span, field::Empty};

use crate::{
    client::Client,
    error::{ApiError, ApiErrorKind},
    operation::{BodyKind, Operation, Place},
    path,
    transport::{self, BackendResponse, Bounds, Request},
    upload::{Form, Upload},
};

/// A call before it is sent. Every operation is a thin wrapper around it, so that little code is compiled per
/// operation.
#[derive(Clone)]
pub(crate) struct Call {
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
    secret: Option<clerk_core::MachineSecretKey>,
    idempotent: bool,
    timeout: Option<Duration>,
    /// Parameters with invalid values, and what is wrong with each. The call fails instead of being sent without them.
    invalid: Vec<(Cow<'static, str>, String)>,
}

impl Call {
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
            idempotent: operation.method == crate::Method::Get,
            timeout: None,
            invalid: Vec::new(),
        }
    }

    pub(crate) fn set_path(&mut self, path: String) {
        self.path = Some(path);
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

    pub(crate) fn set_body(&mut self, body: Option<Value>) {
        match body {
            Some(body) => self.full_body = Some(body),
            None => self.reject_parameter("body"),
        }
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

    pub(crate) fn set_secret(&mut self, secret: clerk_core::MachineSecretKey) {
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

    /// Sends the call, with the client's timeouts, retries and rate limit.
    pub(crate) fn send<T>(self) -> SendFuture<T> {
        let operation = self.operation;
        let span = tracing::info_span!(
            target: "clerk", "clerk_api", operation = operation.id, method = operation.method.as_str(),
            status = Empty, tries = Empty,
        );
        let call = async move {
            let mut tries = 0;
            let outcome =
                self.send_with_retries(&mut tries).await.map_err(|error| error.with_call(operation.id, tries));
            let status = outcome.as_ref().map_or_else(ApiError::status, |(status, _)| Some(*status));
            let span = Span::current();
            span.record("tries", tries);
            if let Some(status) = status {
                span.record("status", status);
            }
            match outcome {
                Ok((status, value)) => Ok(ParsedResponse { status, tries, value }),
                Err(error) => {
                    tracing::debug!(target: "clerk", %error, "a call to the Backend API failed");
                    Err(error)
                }
            }
        };
        SendFuture { call: Box::pin(call.instrument(span)), operation: operation.id, result: PhantomData }
    }

    async fn send_with_retries(&self, tries: &mut u32) -> Result<(u16, Value), ApiError> {
        let request = self.prepare()?;
        let settings = self.client.settings();
        let access = &settings.access;
        let secret = match &self.secret {
            Some(secret) => Some(secret.expose()),
            None => access.secret_key().map(clerk_core::SecretKey::expose),
        };
        let (Some(secret), Some(http)) = (secret, access.http()) else {
            return Err(ApiError::new(ApiErrorKind::NoSecretKey));
        };
        let clock = access.clock();
        let deadline = clock.now() + self.timeout.unwrap_or(settings.timeout);
        loop {
            if let Some(limiter) = &settings.limiter {
                let start = limiter.reserve(clock.now(), deadline).ok_or(ApiError::new(ApiErrorKind::RateLimit))?;
                clock.sleep_until(start).await;
            }
            let now = clock.now();
            let timeout = settings.try_timeout.min(deadline.since(now));
            if timeout.is_zero() {
                return Err(ApiError::new(ApiErrorKind::Timeout));
            }
            *tries += 1;
            let bounds = Bounds { clock, until: now + timeout, timeout, max_body: settings.max_body };
            let outcome = transport::send_once(&http, &request, secret, &settings.api_version, bounds).await;
            let error = match outcome.and_then(|response| self.parse(response)) {
                Ok(parsed) => return Ok(parsed),
                Err(error) => error,
            };
            if !error.is_retryable(self.idempotent) {
                return Err(error);
            }
            let Some(wait) = settings.retry.wait_after(*tries, error.retry_after(), random()) else {
                return Err(error);
            };
            let retry_at = clock.now() + wait;
            if retry_at >= deadline {
                return Err(error);
            }
            clock.sleep_until(retry_at).await;
        }
    }

    fn prepare(&self) -> Result<Request, ApiError> {
        if let Some((name, problem)) = self.invalid.first() {
            return Err(ApiError::invalid_request(format!("{name} {problem}")));
        }
        let template = self.path.as_deref().unwrap_or(self.operation.path);
        let path = path::fill(template, &self.ids).map_err(ApiError::invalid_request)?;
        if !path::is_safe(&path) {
            return Err(ApiError::invalid_request(
                "the path must begin with one / and must not contain dot segments, ? or #",
            ));
        }
        let access = &self.client.settings().access;
        let mut url = access.api_url().to_owned();
        if Operation::is_versioned(template) {
            url.push('/');
            url.push_str(access.api_version());
        }
        url.push_str(&path);
        if !self.query.is_empty() {
            url.push('?');
            url =
                url::form_urlencoded::Serializer::for_suffix(url.clone(), url.len()).extend_pairs(&self.query).finish();
        }
        let mut content_type = "application/json".to_owned();
        let body = match (&self.full_body, self.operation.body) {
            (Some(full_body), _) => Some(Bytes::from(full_body.to_string())),
            (None, BodyKind::Object) => Some(Bytes::from(Value::Object(self.body.clone()).to_string())),
            (None, BodyKind::Upload) => {
                let boundary = format!("clerk{:016x}", random().to_bits());
                content_type = format!("multipart/form-data; boundary={boundary}");
                Some(self.form.encode(&boundary))
            }
            (None, BodyKind::None | BodyKind::Bulk { .. }) => None,
        };
        Ok(Request { method: self.operation.method.to_http(), url, content_type, headers: self.headers.clone(), body })
    }

    fn parse(&self, BackendResponse { status, body }: BackendResponse) -> Result<(u16, Value), ApiError> {
        match self.operation.response {
            Shape::Nothing => Ok((status, Value::Null)),
            Shape::Text => Ok((status, String::from_utf8_lossy(&body).into())),
            _ if body.is_empty() => Ok((status, Value::Null)),
            _ => serde_json::from_slice(&body).map(|value| (status, value)).map_err(|error| {
                let kind = if error.is_eof() { ApiErrorKind::Truncated } else { ApiErrorKind::NotJson };
                ApiError::new(kind).with_status(status)
            }),
        }
    }
}

/// The JSON of a response, before it is read into a type.
struct ParsedResponse {
    status: u16,
    tries: u32,
    value: Value,
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
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("operation", &self.operation.id).finish_non_exhaustive()
    }
}

/// Future of a call; resolves to the response's type.
#[must_use = "nothing is sent until it is awaited"]
pub struct SendFuture<T> {
    call: Pin<Box<dyn Future<Output = Result<ParsedResponse, ApiError>> + Send>>,
    operation: &'static str,
    result: PhantomData<fn() -> T>,
}

impl<T: Field> Future for SendFuture<T> {
    type Output = Result<T, ApiError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let operation = self.operation;
        self.call.as_mut().poll(context).map(|response| {
            let ParsedResponse { status, tries, value } = response?;
            T::from_value(value)
                .map_err(|mismatch| ApiError::mismatch(mismatch).with_status(status).with_call(operation, tries))
        })
    }
}

impl<T> fmt::Debug for SendFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendFuture").field("operation", &self.operation).finish_non_exhaustive()
    }
}
