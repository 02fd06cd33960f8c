//! [`Operation`]: what the API has under one method and path, as data. Calls are made from it, and the conformance test
//! compares it with Clerk's own description.

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
    /// Parameters of query and body.
    pub parameters: &'static [Parameter],
    /// What stands in the request's body.
    pub body: BodyKind,
    /// What stands in the body of a successful answer.
    pub answer: Shape,
}

/// The HTTP methods that the API knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Removes something.
    Delete,
    /// Reads, and changes nothing.
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
    /// Where it stands.
    pub place: Place,
    /// Its name in the API.
    pub name: &'static str,
    /// What it may be.
    pub shape: Shape,
    /// Whether the API refuses a request without it.
    pub required: bool,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the JSON object, or the form, of the body.
    Body,
    /// In the URL's query; lists repeat the name.
    Query,
}

/// What stands in a request's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyKind {
    /// A JSON array of such bodies as another operation has.
    Bulk(&'static str),
    /// Nothing.
    None,
    /// A JSON object of the body parameters.
    Object,
    /// `multipart/form-data`.
    Upload,
}

/// The type of a JSON value.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Shape {
    /// Anything.
    Any,
    /// One of these texts, or one that this crate does not know yet.
    Choice(fn() -> &'static [&'static str]),
    /// A file, in a form.
    File,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Integer,
    /// A list of one shape.
    List(&'static Shape),
    /// An object whose members are the application's own.
    Map,
    /// Something that may be null, or in an answer missing.
    Maybe(&'static Shape),
    /// An object with these members.
    Model(fn() -> &'static ModelInfo),
    /// No body, or one that nobody reads.
    Nothing,
    /// A number.
    Number,
    /// A list, bare or with a total.
    Page(&'static Shape),
    /// Text.
    Text,
}

/// The members of an object.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct ModelInfo {
    /// The type's name in this crate.
    pub name: &'static str,
    /// Names in the API, and shapes.
    pub fields: &'static [(&'static str, Shape)],
    /// Reads JSON into the type and prints it again.
    pub round_trip: fn(serde_json::Value) -> Result<serde_json::Value, crate::field::Mismatch>,
}

impl Method {
    /// The method as it stands in a request.
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

    pub(crate) const fn to_http(self) -> reqwest::Method {
        match self {
            Self::Delete => reqwest::Method::DELETE,
            Self::Get => reqwest::Method::GET,
            Self::Patch => reqwest::Method::PATCH,
            Self::Post => reqwest::Method::POST,
            Self::Put => reqwest::Method::PUT,
        }
    }
}

impl Operation {
    /// An operation that is not in this crate.
    pub(crate) const fn raw(method: Method) -> Self {
        Self { id: "request", method, path: "", parameters: &[], body: BodyKind::None, answer: Shape::Any }
    }

    /// Whether it has a parameter of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.parameters.iter().any(|parameter| parameter.name == name)
    }

    /// Where the path begins: three families stand beside the versioned part of the API, as Clerk's JavaScript SDK has it.
    pub(crate) fn is_versioned(path: &str) -> bool {
        !["/api_keys", "/m2m_tokens", "/oauth_applications/access_tokens"]
            .iter()
            .any(|family| path.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    }
}

impl Parameter {
    pub(crate) const fn new(place: Place, name: &'static str, shape: Shape, required: bool) -> Self {
        Self { place, name, shape, required }
    }
}
