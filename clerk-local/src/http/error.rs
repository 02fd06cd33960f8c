//! [`ApiError`]: an error in the form of Clerk's APIs, and JSON responses.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::short_message;
use crate::keys::random_hex_id;

pub(crate) fn json_response(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// An error in the form of Clerk's APIs.
pub(crate) fn error_response(status: StatusCode, code: &'static str, message: &str) -> Response {
    ApiError::new(status, code, message).into_response()
}

/// An error in the form of Clerk's APIs.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: String,
    parameter: Option<String>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), parameter: None }
    }

    /// 404: there is no such object.
    pub(crate) fn not_found(what: &str, id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "resource_not_found", format!("there is no {what} {id:?}"))
    }

    /// The body is not JSON, or not the kind of JSON that the operation takes.
    pub(crate) fn invalid_body(problem: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "request_body_invalid", problem)
    }

    pub(crate) fn missing_parameter(parameter: &str) -> Self {
        Self::for_parameter(parameter, "form_param_missing", format!("{parameter} must be included"))
    }

    pub(crate) fn unknown_parameter(parameter: &str) -> Self {
        Self::for_parameter(parameter, "form_param_unknown", format!("{parameter} is not a parameter of this request"))
    }

    pub(crate) fn invalid_format(parameter: &str, problem: impl Into<String>) -> Self {
        Self::for_parameter(parameter, "form_param_format_invalid", problem)
    }

    pub(crate) fn invalid_value(parameter: &str, problem: impl Into<String>) -> Self {
        Self::for_parameter(parameter, "form_param_value_invalid", problem)
    }

    /// A parameter refers to an object that does not exist.
    pub(crate) fn unknown_reference(parameter: &str, value: &str) -> Self {
        Self::for_parameter(parameter, "form_resource_not_found", format!("{parameter} {value:?} names nothing"))
    }

    /// Another object has that identifier.
    pub(crate) fn identifier_taken(parameter: &str) -> Self {
        Self::for_parameter(parameter, "form_identifier_exists", format!("that {parameter} is taken"))
    }

    /// Such an object exists already.
    pub(crate) fn duplicate(parameter: &str) -> Self {
        Self::for_parameter(parameter, "duplicate_record", format!("there is one with that {parameter} already"))
    }

    /// An error about one parameter, with a code of its own.
    pub(crate) fn for_parameter(parameter: &str, code: &'static str, message: impl Into<String>) -> Self {
        Self { parameter: Some(parameter.to_owned()), ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, message) }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let short = short_message(self.code).unwrap_or(&self.message);
        let mut error = json!({"code": self.code, "message": short, "long_message": self.message});
        if let Some(parameter) = self.parameter {
            error["meta"] = json!({ "param_name": parameter });
        }
        let trace_id = random_hex_id("local");
        let mut response = json_response(self.status, &json!({"errors": [error], "clerk_trace_id": trace_id}));
        if let Ok(value) = trace_id.parse() {
            response.headers_mut().insert("clerk-trace-id", value);
        }
        response
    }
}
