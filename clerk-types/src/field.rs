//! [`Field`]: a value of the API, read leniently and written back unchanged.

use serde_json::{Map, Number, Value};

use crate::{mismatch::Mismatch, reading::Reading, shape::Shape, timestamp::Timestamp};

/// A type of value: a member of an object, or a parameter of an operation.
///
/// Objects and enums implement serde's traits through this one.
pub trait Field: Sized {
    /// Its JSON type.
    const SHAPE: Shape;

    /// Reads it from JSON. `reading` says what becomes of an optional member of another type.
    ///
    /// # Errors
    /// When the JSON has another type.
    fn read(value: Value, reading: &mut Reading) -> Result<Self, Mismatch>;

    /// Reads it from JSON.
    ///
    /// # Errors
    /// When the JSON, or a member inside of it, has another type.
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        Self::read(value, &mut Reading::strict())
    }

    /// Writes it as JSON.
    fn to_value(&self) -> Value;

    /// The value to use if the object omits the member, or has null, although the API's description requires it: an
    /// empty text, an empty list, zero, `false`. A missing `id`, or a missing flag such as `revoked`, is an error
    /// instead.
    #[must_use]
    fn absent() -> Option<Self> {
        None
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

    fn read(value: Value, _: &mut Reading) -> Result<Self, Mismatch> {
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

    fn read(value: Value, _: &mut Reading) -> Result<Self, Mismatch> {
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

    fn read(value: Value, _: &mut Reading) -> Result<Self, Mismatch> {
        // 1e3 and 1000.0 are whole numbers, too. Numbers out of range saturate, so that the sign stays right.
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

/// In milliseconds.
impl Field for Timestamp {
    const SHAPE: Shape = Shape::Integer;

    fn read(value: Value, reading: &mut Reading) -> Result<Self, Mismatch> {
        i64::read(value, reading).map(Self::from_unix_millis)
    }

    fn to_value(&self) -> Value {
        self.unix_millis().into()
    }

    fn absent() -> Option<Self> {
        Some(Self::from_unix_millis(0))
    }
}

impl Field for f64 {
    const SHAPE: Shape = Shape::Number;

    fn read(value: Value, _: &mut Reading) -> Result<Self, Mismatch> {
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

    fn read(value: Value, _: &mut Reading) -> Result<Self, Mismatch> {
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

    fn read(value: Value, _: &mut Reading) -> Result<Self, Mismatch> {
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

    fn read(_: Value, _: &mut Reading) -> Result<Self, Mismatch> {
        Ok(())
    }

    fn to_value(&self) -> Value {
        Value::Null
    }
}

impl<T: Field> Field for Box<T> {
    const SHAPE: Shape = T::SHAPE;

    fn read(value: Value, reading: &mut Reading) -> Result<Self, Mismatch> {
        T::read(value, reading).map(Self::new)
    }

    fn to_value(&self) -> Value {
        T::to_value(self)
    }
}

impl<T: Field> Field for Option<T> {
    const SHAPE: Shape = Shape::Maybe(&T::SHAPE);

    fn read(value: Value, reading: &mut Reading) -> Result<Self, Mismatch> {
        if value.is_null() { Ok(None) } else { T::read(value, reading).map(Some) }
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

    fn read(value: Value, reading: &mut Reading) -> Result<Self, Mismatch> {
        let Value::Array(list) = value else { return Err(Mismatch::new("a list")) };
        let read = |(at, one)| reading.inside(|| format!("[{at}]"), |reading| T::read(one, reading));
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
    fn a_mismatch_shows_the_place_and_not_the_value() {
        let error = Vec::<Vec<String>>::from_value(json!([["a"], ["b", 77_777]])).unwrap_err();
        assert_eq!(error.to_string(), "[1][1] is not text");
    }

    #[test]
    fn a_whole_number_can_be_written_as_a_float() {
        assert_eq!(i64::from_value(json!(1.7e12)), Ok(1_700_000_000_000));
        assert_eq!(i64::from_value(json!(u64::MAX)), Ok(i64::MAX));
        assert!(i64::from_value(json!(1.5)).is_err());
        assert!(i64::from_value(json!("1")).is_err());
    }
}
