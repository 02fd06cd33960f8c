//! [`BodyFields`]: the parameters in a request's body.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::StatusCode,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::http::ApiError;

/// The parameters in a request's body. A handler takes them one by one; [`finish`](Self::finish) rejects the rest.
#[derive(Debug)]
pub(super) struct BodyFields(Map<String, Value>);

/// The items in the body of a bulk operation.
#[derive(Debug)]
pub(super) struct Bulk(pub(super) Vec<BodyFields>);

impl BodyFields {
    /// Whether a parameter is there, and not `null`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !value.is_null())
    }

    /// An optional parameter; `null` counts as absent.
    pub(super) fn optional<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, ApiError> {
        Ok(self.nullable(name)?.flatten())
    }

    /// An optional parameter where `null` is a value: absent keeps the old value, `null` clears it.
    pub(super) fn nullable<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<Option<T>>, ApiError> {
        let Some(value) = self.0.remove(name) else { return Ok(None) };
        // serde's error would repeat the value, which may be a password.
        let parsed = serde_json::from_value(value)
            .map_err(|_| ApiError::invalid_format(name, format!("{name} is malformed")))?;
        Ok(Some(parsed))
    }

    /// A required parameter.
    pub(super) fn required<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, ApiError> {
        self.optional(name)?.ok_or_else(|| ApiError::missing_parameter(name))
    }

    /// A required text that is not empty.
    pub(super) fn required_text(&mut self, name: &str) -> Result<String, ApiError> {
        let text: String = self.required(name)?;
        if text.trim().is_empty() {
            Err(ApiError::for_parameter(name, "form_param_nil", format!("{name} is empty")))
        } else {
            Ok(text)
        }
    }

    /// Metadata: a JSON object.
    pub(super) fn metadata(&mut self, name: &str) -> Result<Option<Map<String, Value>>, ApiError> {
        self.optional(name)
    }

    /// Takes parameters that a local instance ignores.
    pub(super) fn ignore(&mut self, names: &[&str]) {
        names.iter().for_each(|name| drop(self.0.remove(*name)));
    }

    /// All parameters that are left.
    pub(super) fn rest(self) -> Map<String, Value> {
        self.0
    }

    /// Rejects parameters that the handler has not taken.
    pub(super) fn finish(self) -> Result<(), ApiError> {
        self.0.keys().next().map_or(Ok(()), |name| Err(ApiError::unknown_parameter(name)))
    }
}

impl<S: Send + Sync> FromRequest<S> for BodyFields {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        match body(request, state).await? {
            None => Ok(Self(Map::new())),
            Some(Value::Object(fields)) => Ok(Self(fields)),
            Some(_) => Err(ApiError::invalid_body("the body must be a JSON object")),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Bulk {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let Some(Value::Array(items)) = body(request, state).await? else {
            return Err(ApiError::invalid_body("the body must be a JSON array"));
        };
        let items = items.into_iter().map(|item| match item {
            Value::Object(fields) => Ok(BodyFields(fields)),
            _ => Err(ApiError::invalid_body("the body must be an array of JSON objects")),
        });
        items.collect::<Result<_, _>>().map(Self)
    }
}

/// The body, which may be missing. The extractor of bytes limits its size to 2 MB.
async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<Option<Value>, ApiError> {
    let bytes = Bytes::from_request(request, state).await.map_err(|_| {
        ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "request_body_invalid", "the body is too large, or ended early")
    })?;
    if bytes.is_empty() {
        return Ok(None);
    }
    serde_json::from_slice(&bytes).map(Some).map_err(|_| ApiError::invalid_body("the body is no JSON"))
}
