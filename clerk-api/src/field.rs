//! [`Field`]: values of answers, read leniently and printed as they came.

use std::fmt;

use serde_json::{Map, Number, Value};

use crate::operation::Shape;

/// A value that stands in an answer.
///
/// Models and enums also implement serde's traits, by way of this.
pub trait Field: Sized {
    /// What it looks like in JSON.
    const SHAPE: Shape;

    /// Reads it.
    ///
    /// # Errors
    /// When the JSON has another shape.
    fn from_value(value: Value) -> Result<Self, Mismatch>;

    /// Prints it.
    fn to_value(&self) -> Value;

    /// What stands for it where it is missing or null, against the API's description: an empty text, an empty list, zero,
    /// `false`. An `id`, and a flag such as `revoked` whose `false` would be good news, is an error instead.
    #[must_use]
    fn absent() -> Option<Self> {
        None
    }
}

/// An answer whose JSON is not what the API describes. Says where, and nothing of what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    path: String,
    expected: &'static str,
}

impl Mismatch {
    pub(crate) const fn new(expected: &'static str) -> Self {
        Self { path: String::new(), expected }
    }

    /// Where it is, from the outside in: `data[3].email_addresses[0].id`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    fn within(mut self, outer: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{outer}{dot}{}", self.path);
        self
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "the answer" } else { &self.path };
        write!(f, "{path} is not {}", self.expected)
    }
}

impl std::error::Error for Mismatch {}

/// Members whose absence must not be taken for good news, nor for the id of something else.
const MUST_BE_THERE: [&str; 5] = ["banned", "expired", "id", "locked", "revoked"];

/// Takes a member out of an object.
pub(crate) fn take<T: Field>(object: &mut Map<String, Value>, name: &'static str) -> Result<T, Mismatch> {
    match object.remove(name) {
        None | Some(Value::Null) => match T::absent() {
            Some(value) if matches!(T::SHAPE, Shape::Maybe(_)) || !MUST_BE_THERE.contains(&name) => Ok(value),
            _ => Err(Mismatch::new("there").within(name)),
        },
        Some(value) => T::from_value(value).map_err(|mismatch| mismatch.within(name)),
    }
}

/// Puts a member into an object, unless it is null.
pub(crate) fn put<T: Field>(object: &mut Map<String, Value>, name: &'static str, field: &T) {
    let value = field.to_value();
    if !value.is_null() {
        object.insert(name.to_owned(), value);
    }
}

pub(crate) fn object(value: Value) -> Result<Map<String, Value>, Mismatch> {
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(Mismatch::new("an object")),
    }
}

impl Field for String {
    const SHAPE: Shape = Shape::Text;

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::String(text) => Ok(text),
            _ => Err(Mismatch::new("text")),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.clone())
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

impl Field for bool {
    const SHAPE: Shape = Shape::Flag;

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        value.as_bool().ok_or(Mismatch::new("true or false"))
    }

    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }

    fn absent() -> Option<Self> {
        Some(false)
    }
}

impl Field for i64 {
    const SHAPE: Shape = Shape::Integer;

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        // 1e3 and 1000.0 are whole numbers, too. Numbers out of range saturate: times far away, and never a wrong sign.
        let whole = |number: f64| (number.fract() == 0.0).then_some(number as Self);
        value.as_i64().or_else(|| value.as_f64().and_then(whole)).ok_or(Mismatch::new("a whole number"))
    }

    fn to_value(&self) -> Value {
        Value::Number((*self).into())
    }

    fn absent() -> Option<Self> {
        Some(0)
    }
}

impl Field for f64 {
    const SHAPE: Shape = Shape::Number;

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        value.as_f64().ok_or(Mismatch::new("a number"))
    }

    fn to_value(&self) -> Value {
        Number::from_f64(*self).map_or(Value::Null, Value::Number)
    }

    fn absent() -> Option<Self> {
        Some(0.0)
    }
}

impl Field for Value {
    const SHAPE: Shape = Shape::Any;

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        Ok(value)
    }

    fn to_value(&self) -> Value {
        self.clone()
    }

    fn absent() -> Option<Self> {
        Some(Self::Null)
    }
}

impl Field for Map<String, Value> {
    const SHAPE: Shape = Shape::Map;

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        object(value)
    }

    fn to_value(&self) -> Value {
        Value::Object(self.clone())
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

impl Field for () {
    const SHAPE: Shape = Shape::Nothing;

    fn from_value(_: Value) -> Result<Self, Mismatch> {
        Ok(())
    }

    fn to_value(&self) -> Value {
        Value::Null
    }
}

impl<T: Field> Field for Option<T> {
    const SHAPE: Shape = Shape::Maybe(&T::SHAPE);

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        if value.is_null() { Ok(None) } else { T::from_value(value).map(Some) }
    }

    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_value)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Field> Field for Vec<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        let Value::Array(list) = value else { return Err(Mismatch::new("a list")) };
        let read = |(at, one)| T::from_value(one).map_err(|mismatch| mismatch.within(&format!("[{at}]")));
        list.into_iter().enumerate().map(read).collect()
    }

    fn to_value(&self) -> Value {
        Value::Array(self.iter().map(T::to_value).collect())
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_mismatch_says_where_it_is_and_not_what_stands_there() {
        let error = Vec::<Vec<String>>::from_value(json!([["a"], ["b", 77_777]])).unwrap_err();
        assert_eq!(error.to_string(), "[1][1] is not text");
    }

    #[test]
    fn numbers_are_whole_however_they_are_written() {
        assert_eq!(i64::from_value(json!(1.7e12)), Ok(1_700_000_000_000));
        assert_eq!(i64::from_value(json!(u64::MAX)), Ok(i64::MAX));
        assert!(i64::from_value(json!(1.5)).is_err());
        assert!(i64::from_value(json!("1")).is_err());
    }

    #[test]
    fn what_is_missing_is_empty_unless_that_would_be_good_news() {
        let mut object = Map::new();
        assert!(take::<bool>(&mut object, "revoked").is_err());
        assert!(take::<String>(&mut object, "id").is_err());
        assert_eq!(take::<String>(&mut object, "name").as_deref(), Ok(""));
        assert_eq!(take::<bool>(&mut object, "has_image"), Ok(false));
        assert_eq!(take::<Option<bool>>(&mut object, "revoked"), Ok(None));
    }
}
