//! [`Call`]: a call with its parameters, and the one way in which all of them are made.

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
use serde_json::{Map, Value};
use tracing::{Instrument, Span, field::Empty};

use crate::{
    arguments::Argument,
    client::Client,
    error::{ApiError, ApiErrorKind},
    field::Field,
    operation::{BodyKind, Operation, Place, Shape},
    path,
    transport::{self, Answer, Bounds, Request},
    upload::{Form, Upload},
};

/// One call that is being put together. Every operation is this with names on it, so that little is compiled per operation.
#[derive(Clone)]
pub(crate) struct Call {
    client: Client,
    operation: &'static Operation,
    /// A path that was written by hand.
    path: Option<String>,
    ids: Vec<String>,
    query: Vec<(String, String)>,
    body: Map<String, Value>,
    /// A whole body instead of single parameters.
    whole: Option<Value>,
    form: Form,
    secret: Option<clerk_core::MachineSecretKey>,
    repeatable: bool,
    timeout: Option<Duration>,
    /// The first parameter that cannot be sent; the call fails for it, rather than being another one.
    problem: Option<Cow<'static, str>>,
}

impl Call {
    pub(crate) fn new(client: &Client, operation: &'static Operation) -> Self {
        Self {
            client: client.clone(),
            operation,
            path: None,
            ids: Vec::new(),
            query: Vec::new(),
            body: Map::new(),
            whole: None,
            form: Form::default(),
            secret: None,
            repeatable: operation.method == crate::Method::Get,
            timeout: None,
            problem: None,
        }
    }

    pub(crate) fn path(&mut self, path: String) {
        self.path = Some(path);
    }

    pub(crate) fn id(&mut self, id: String) {
        self.ids.push(id);
    }

    pub(crate) fn set<K>(&mut self, place: Place, name: &'static str, value: impl Argument<K>) {
        self.set_json(place, name, value.into_json());
    }

    fn set_json(&mut self, place: Place, name: &'static str, value: Option<Value>) {
        let Some(value) = value else {
            self.cannot_write(name);
            return;
        };
        match (place, self.operation.body) {
            (Place::Query, _) => {
                self.query.retain(|(known, _)| known != name);
                self.query(name, value);
            }
            (Place::Body, BodyKind::Upload) => self.form.text(name, plain(&value)),
            (Place::Body, _) => {
                self.body.insert(name.to_owned(), value);
            }
        }
    }

    /// A list repeats its name; null is left out.
    pub(crate) fn query(&mut self, name: &str, value: Value) {
        let list = match value {
            Value::Array(list) => list,
            one => vec![one],
        };
        self.query.extend(list.iter().filter(|one| !one.is_null()).map(|one| (name.to_owned(), plain(one))));
    }

    /// Remembers that a parameter was given something that is no JSON.
    pub(crate) fn cannot_write(&mut self, name: impl Into<Cow<'static, str>>) {
        self.problem.get_or_insert_with(|| name.into());
    }

    /// A parameter of the query that is a number, if it is there.
    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.text(name)?.parse().ok()
    }

    /// A parameter of the query, if it is there.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    pub(crate) fn file(&mut self, name: &'static str, file: Upload) {
        self.form.file(name, file);
    }

    pub(crate) fn whole_body(&mut self, body: Option<Value>) {
        match body {
            Some(body) => self.whole = Some(body),
            None => self.cannot_write("body"),
        }
    }

    /// The bodies of other calls, as one list.
    pub(crate) fn bulk(&mut self, calls: impl IntoIterator<Item = Self>) {
        let mut bodies = Vec::new();
        for call in calls {
            self.problem = self.problem.take().or(call.problem);
            bodies.push(Value::Object(call.body));
        }
        self.whole = Some(Value::Array(bodies));
    }

    pub(crate) fn secret(&mut self, secret: clerk_core::MachineSecretKey) {
        self.secret = Some(secret);
    }

    pub(crate) fn repeatable(&mut self) {
        self.repeatable = true;
    }

    pub(crate) fn timeout(&mut self, timeout: Duration) {
        self.timeout = Some(timeout);
    }

    pub(crate) const fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Makes the call, as often as its client's settings say.
    pub(crate) fn send<T>(self) -> Sending<T> {
        let operation = self.operation;
        let span = tracing::info_span!(
            target: "clerk", "clerk_api", operation = operation.id, method = operation.method.as_str(),
            status = Empty, tries = Empty,
        );
        let call = async move {
            let mut tries = 0;
            let outcome = self.run(&mut tries).await.map_err(|error| error.of_call(operation.id, tries));
            let status = outcome.as_ref().map_or_else(ApiError::status, |(status, _)| Some(*status));
            let span = Span::current();
            span.record("tries", tries);
            if let Some(status) = status {
                span.record("status", status);
            }
            match outcome {
                Ok((status, value)) => Ok(Received { status, tries, value }),
                Err(error) => {
                    tracing::debug!(target: "clerk", %error, "a call to the Backend API failed");
                    Err(error)
                }
            }
        };
        Sending { call: Box::pin(call.instrument(span)), operation: operation.id, answer: PhantomData }
    }

    async fn run(&self, tries: &mut u32) -> Result<(u16, Value), ApiError> {
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
            let outcome = transport::attempt(http, &request, secret, &settings.api_version, bounds).await;
            let error = match outcome.and_then(|answer| self.read(answer)) {
                Ok(read) => return Ok(read),
                Err(error) => error,
            };
            if !self.repeatable || !error.is_worth_a_retry() {
                return Err(error);
            }
            let Some(wait) = settings.retry.wait(*tries, error.retry_after(), random()) else {
                return Err(error);
            };
            let again = clock.now() + wait;
            if again >= deadline {
                return Err(error);
            }
            clock.sleep_until(again).await;
        }
    }

    fn prepare(&self) -> Result<Request, ApiError> {
        if let Some(name) = &self.problem {
            return Err(ApiError::invalid(format!("{name} cannot be written as JSON")));
        }
        let template = self.path.as_deref().unwrap_or(self.operation.path);
        let path = path::fill(template, &self.ids).map_err(ApiError::invalid)?;
        if !path::is_plain(&path) {
            return Err(ApiError::invalid("the path must begin with one / and hold no dot segments, ? or #"));
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
        let body = match (&self.whole, self.operation.body) {
            (Some(whole), _) => Some(Bytes::from(whole.to_string())),
            (None, BodyKind::Object) => Some(Bytes::from(Value::Object(self.body.clone()).to_string())),
            (None, BodyKind::Upload) => {
                let boundary = format!("clerk{:016x}", random().to_bits());
                content_type = format!("multipart/form-data; boundary={boundary}");
                Some(self.form.encode(&boundary))
            }
            (None, BodyKind::None | BodyKind::Bulk(_)) => None,
        };
        Ok(Request { method: self.operation.method.to_http(), url, content_type, body })
    }

    fn read(&self, Answer { status, body }: Answer) -> Result<(u16, Value), ApiError> {
        match self.operation.answer {
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

/// JSON that came, not yet looked at.
struct Received {
    status: u16,
    tries: u32,
    value: Value,
}

/// A value as it stands in a query or a form.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What an operation was given may be a password or a token.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("operation", &self.operation.id).finish_non_exhaustive()
    }
}

/// Future of a call; resolves to its answer.
#[must_use = "nothing is sent until it is awaited"]
pub struct Sending<T> {
    call: Pin<Box<dyn Future<Output = Result<Received, ApiError>> + Send>>,
    operation: &'static str,
    answer: PhantomData<fn() -> T>,
}

impl<T: Field> Future for Sending<T> {
    type Output = Result<T, ApiError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let operation = self.operation;
        self.call.as_mut().poll(context).map(|answer| {
            let Received { status, tries, value } = answer?;
            T::from_value(value)
                .map_err(|mismatch| ApiError::mismatch(mismatch).with_status(status).of_call(operation, tries))
        })
    }
}

impl<T> fmt::Debug for Sending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sending").field("operation", &self.operation).finish_non_exhaustive()
    }
}
