//! [`Operation`]: the description of one API operation as data. Calls are built from it, and the suite `facts` of clerk-tests
//! compares it with Clerk's OpenAPI description.

use std::ops::{Bound, RangeBounds as _};

use clerk_core::internal::HttpMethod;
use clerk_types::Shape;
use serde_json::Value;

/// An operation of the Backend API.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Operation {
    /// Its `operationId` in Clerk's OpenAPI description.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path below the version, with placeholders for ids: `/users/{user_id}`.
    pub path: &'static str,
    /// Parameters of headers, query and body, in groups.
    groups: &'static [&'static [Parameter]],
    /// The kind of the request's body.
    pub body: BodyKind,
    /// The JSON type of a successful response.
    pub response: Shape,
}

/// The HTTP methods of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Removes something.
    Delete,
    /// Reads something, without changes.
    Get,
    /// Changes a part of something.
    Patch,
    /// Creates or does something.
    Post,
    /// Replaces something.
    Put,
}

/// One parameter of an operation.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Parameter {
    /// Where it is sent.
    pub place: Place,
    /// Its name in the API.
    pub name: &'static str,
    /// The JSON type of its values.
    pub shape: Shape,
    /// Whether the API rejects a request without it.
    pub required: bool,
    /// The values that the API accepts; a call with another one is not sent.
    pub range: Option<Range>,
}

/// A range of numbers: of a parameter's value, of a text's length in characters, or of a list's length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Range {
    /// The smallest.
    pub min: Bound<i64>,
    /// The largest.
    pub max: Bound<i64>,
    /// The range as text, with the unit of a length: `1..=50 items`.
    pub text: &'static str,
}

/// Where a parameter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the JSON object, or the form, of the body.
    Body,
    /// In a header.
    Header,
    /// In the URL's query; a list repeats the name.
    Query,
}

/// The kind of a request's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyKind {
    /// A JSON array of bodies of another operation.
    Bulk {
        /// The other operation's id.
        of: &'static str,
        /// The member of the body that is this array; without one, the body itself.
        member: Option<&'static str>,
        /// How many bodies the API accepts.
        range: Range,
    },
    /// No body.
    None,
    /// A JSON object of the body parameters.
    Object,
    /// `multipart/form-data`.
    Upload,
}

impl Method {
    /// The method's name in a request.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delete => "DELETE",
            Self::Get => "GET",
            Self::Patch => "PATCH",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }

    pub(crate) const fn to_http(self) -> HttpMethod {
        match self {
            Self::Delete => HttpMethod::DELETE,
            Self::Get => HttpMethod::GET,
            Self::Patch => HttpMethod::PATCH,
            Self::Post => HttpMethod::POST,
            Self::Put => HttpMethod::PUT,
        }
    }
}

impl Operation {
    /// Describes an operation. Without a `body`, the body is an object of the body parameters, if there are any.
    pub(crate) const fn new(
        id: &'static str,
        method: Method,
        path: &'static str,
        groups: &'static [&'static [Parameter]],
        body: Option<BodyKind>,
        response: Shape,
    ) -> Self {
        let body = match body {
            Some(body) => body,
            None if has_body(groups) => BodyKind::Object,
            None => BodyKind::None,
        };
        Self { id, method, path, groups, body, response }
    }

    /// An operation that this crate has no method for.
    pub(crate) const fn raw(method: Method) -> Self {
        Self::new("request", method, "", &[], None, Shape::Any)
    }

    /// Parameters of headers, query and body.
    pub fn parameters(&self) -> impl Iterator<Item = &'static Parameter> + use<> {
        self.groups.iter().copied().flatten()
    }

    /// Whether it has a parameter of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.parameters().any(|parameter| parameter.name == name)
    }

    /// The range of a parameter, if the API has one.
    pub(crate) fn range(&self, place: Place, name: &str) -> Option<Range> {
        self.parameters().find(|one| one.place == place && one.name == name)?.range
    }

    /// Whether the path begins with the API version. Three groups of operations do not, as in Clerk's JavaScript SDK.
    pub(crate) fn is_versioned(path: &str) -> bool {
        !["/api_keys", "/m2m_tokens", "/oauth_applications/access_tokens"]
            .iter()
            .any(|family| path.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    }
}

const fn has_body(mut groups: &[&[Parameter]]) -> bool {
    while let [group, rest @ ..] = groups {
        let mut group = *group;
        while let [parameter, rest @ ..] = group {
            if matches!(parameter.place, Place::Body) {
                return true;
            }
            group = rest;
        }
        groups = rest;
    }
    false
}

impl Parameter {
    pub(crate) const fn new(
        place: Place,
        name: &'static str,
        shape: Shape,
        required: bool,
        range: Option<Range>,
    ) -> Self {
        Self { place, name, shape, required, range }
    }
}

impl Range {
    pub(crate) const fn new(min: Bound<i64>, max: Bound<i64>, text: &'static str) -> Self {
        Self { min, max, text }
    }

    /// Whether a value is within the range. Null always is: it removes a value.
    pub(crate) fn includes(&self, value: &Value) -> bool {
        let number = match value {
            Value::Array(list) => Some(list.len() as f64),
            Value::Number(number) => number.as_f64(),
            Value::String(text) => Some(text.chars().count() as f64),
            Value::Null | Value::Bool(_) | Value::Object(_) => None,
        };
        let to_float = |bound: Bound<i64>| bound.map(|bound| bound as f64);
        number.is_none_or(|number| (to_float(self.min), to_float(self.max)).contains(&number))
    }
}
