//! Sends a [`Request`]: tries, waits and reads the response.

use std::{
    fmt,
    future::Future,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use clerk_core::{
    config::SecretKey,
    internal::{Backend, random},
};
use clerk_types::{Field, Shape};
use serde_json::Value;
use tracing::{Instrument, Span, field::Empty};

use super::Request;
use crate::{
    http::{
        error::{ApiError, ApiErrorKind},
        path,
        transport::{self, BackendResponse, Bounds, HttpRequest},
    },
    operation::{BodyKind, Operation},
};

impl Request {
    /// Sends the call, with the client's timeouts, retries and rate limit.
    pub(crate) fn send_as<T>(self) -> SendFuture<T> {
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
        let settings = self.client.settings();
        let Some(backend) = settings.clerk.backend() else {
            return Err(ApiError::new(ApiErrorKind::NoSecretKey));
        };
        let request = self.prepare(backend)?;
        let secret = match &self.secret {
            Some(secret) => Some(secret.expose()),
            None => backend.secret_key.as_ref().map(SecretKey::expose),
        };
        let Some(secret) = secret else {
            return Err(ApiError::new(ApiErrorKind::NoSecretKey));
        };
        let clock = settings.clerk.clock();
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
            let outcome = transport::send_once(backend, &request, secret, &settings.api_version, bounds).await;
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

    fn prepare(&self, backend: &Backend) -> Result<HttpRequest, ApiError> {
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
        let mut url = backend.base().to_owned();
        if Operation::is_versioned(template) {
            url.push('/');
            url.push_str(&backend.api_version);
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
        Ok(HttpRequest {
            method: self.operation.method.to_http(),
            url,
            content_type,
            headers: self.headers.clone(),
            body,
        })
    }

    fn parse(&self, BackendResponse { status, body }: BackendResponse) -> Result<(u16, Value), ApiError> {
        match self.operation.response {
            Shape::Nothing => Ok((status, Value::Null)),
            Shape::Text => Ok((status, String::from_utf8_lossy(&body).into())),
            _ if body.is_empty() => Ok((status, Value::Null)),
            _ => clerk_types::parse_json(&body).map(|value| (status, value)).map_err(|error| {
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
