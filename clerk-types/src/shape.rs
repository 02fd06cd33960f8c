//! [`Shape`]: the JSON type of a value as data. Tests compare it with Clerk's descriptions.

use serde_json::Value;

use crate::mismatch::Mismatch;

/// The type of a JSON value.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Shape {
    /// Anything.
    Any,
    /// One of these texts, or a text that this crate does not know yet.
    Choice(fn() -> &'static [&'static str]),
    /// A file, in a form.
    File,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Integer,
    /// A list of values of one type.
    List(&'static Shape),
    /// An object whose members the application defines.
    Map,
    /// A value that may be null.
    Maybe(&'static Shape),
    /// An object with these members.
    Model(fn() -> &'static ModelInfo),
    /// No body, or one that is not read.
    Nothing,
    /// A number.
    Number,
    /// A list, either a bare array or an object with a total.
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
    /// Its members that have fields.
    pub members: &'static [Member],
    /// Reads JSON into the type and writes it as JSON again.
    pub round_trip: fn(Value) -> Result<Value, Mismatch>,
}

/// A member of an object.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Member {
    /// Its name in the API.
    pub name: &'static str,
    /// Its JSON type.
    pub shape: Shape,
    /// Whether it is left out if the field is `None`.
    pub may_be_missing: bool,
}

impl ModelInfo {
    pub(crate) const fn new(
        name: &'static str,
        members: &'static [Member],
        round_trip: fn(Value) -> Result<Value, Mismatch>,
    ) -> Self {
        Self { name, members, round_trip }
    }

    /// The member with this name.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&'static Member> {
        self.members.iter().find(|member| member.name == name)
    }
}

impl Member {
    pub(crate) const fn new(name: &'static str, shape: Shape, may_be_missing: bool) -> Self {
        Self { name, shape, may_be_missing }
    }
}
