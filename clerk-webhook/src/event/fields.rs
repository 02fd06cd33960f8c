//! [`Json`] and [`Fields`]: JSON that is kept as received.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned, ser::SerializeMap};
use serde_json::value::RawValue;

use clerk_core::time::Timestamp;

/// Any JSON value, kept exactly as received.
///
/// Metadata has this type: parse it into your own type. `Debug` does not show the value.
///
/// ```
/// use clerk_webhook::event::Json;
///
/// #[derive(serde::Deserialize)]
/// struct Plan {
///     seats: u32,
/// }
///
/// let metadata: Json = serde_json::from_str(r#"{"seats":5,"since":"2026"}"#)?;
/// assert_eq!(metadata.parse::<Plan>()?.seats, 5);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct Json(Box<RawValue>);

/// Members of an object that have no typed field: unknown ones, and those whose type differs from the documented one.
#[derive(Clone, Default)]
pub struct Fields(BTreeMap<Box<str>, Json>);

/// A payload that does not match its type: which field of which type is missing or invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayloadError {
    payload: &'static str,
    field: &'static str,
}

/// A type that can be a payload's field.
pub(crate) trait Field: DeserializeOwned {
    /// Whether a value of another type is kept untyped. Otherwise it is a [`PayloadError`].
    const OPTIONAL: bool = false;

    /// The value of a missing or null field; `None` if the field is required.
    fn absent() -> Option<Self> {
        None
    }

    /// Whether the field is left out when the payload is serialized.
    fn is_absent(&self) -> bool {
        false
    }
}

impl Field for String {}
impl Field for Timestamp {}

/// Clerk omits some fields that are false.
impl Field for bool {
    fn absent() -> Option<Self> {
        Some(false)
    }
}

impl<T: DeserializeOwned> Field for Option<T> {
    const OPTIONAL: bool = true;

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: DeserializeOwned> Field for Vec<T> {
    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

impl Json {
    /// The JSON text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// Parses the value into your own type.
    ///
    /// # Errors
    /// When it does not match the type, or is nested more than 127 levels deep.
    pub fn parse<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_str(self.as_str())
    }

    fn is_null(&self) -> bool {
        self.as_str() == "null"
    }
}

impl Fields {
    /// The member with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0.get(name)
    }

    /// The members, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.0.iter().map(|(name, value)| (&**name, value))
    }

    /// Whether there are no members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn remove(&mut self, name: &str) -> Option<Json> {
        self.0.remove(name)
    }

    /// Removes a member and parses it into a field's type.
    pub(crate) fn take<T: Field>(&mut self, payload: &'static str, field: &'static str) -> Result<T, PayloadError> {
        let error = PayloadError { payload, field };
        let Some(json) = self.0.get(field) else { return T::absent().ok_or(error) };
        if let Some(absent) = T::absent().filter(|_| json.is_null()) {
            self.0.remove(field);
            return Ok(absent);
        }
        match json.parse() {
            Ok(value) => {
                self.0.remove(field);
                Ok(value)
            }
            Err(_) if T::OPTIONAL => {
                // Without the value and the parser's error, which quotes it.
                tracing::warn!(target: "clerk", payload, field, "a webhook's field does not have its documented type and is kept untyped");
                T::absent().ok_or(error)
            }
            Err(_) => Err(error),
        }
    }

    pub(crate) fn write<S: SerializeMap>(&self, map: &mut S) -> Result<(), S::Error> {
        self.0.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))
    }
}

impl PayloadError {
    /// The error of an event whose payload is missing or not an object.
    pub(crate) const fn no_object() -> Self {
        Self { payload: "Event", field: "data" }
    }

    /// The name of the type that the payload does not match.
    #[must_use]
    pub const fn payload(&self) -> &'static str {
        self.payload
    }

    /// The name of the field that is missing or has another type.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        self.field
    }
}

impl fmt::Display for PayloadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the field {} of {} is missing or does not have its documented type", self.field, self.payload)
    }
}

impl std::error::Error for PayloadError {}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(Self)
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(deserializer).map(Self)
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Json(..)")
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Fields {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn optional_fields_of_another_type_stay_untyped_and_required_ones_are_errors() {
        let mut object = fields(r#"{"a":"x","b":7,"c":null,"d":"yes","e":[1,"x"],"f":null}"#);
        assert_eq!(object.take::<Option<String>>("T", "a").unwrap().unwrap(), "x");
        assert_eq!(object.take::<Option<String>>("T", "b").unwrap(), None, "kept untyped");
        assert_eq!(object.take::<Option<String>>("T", "c").unwrap(), None);
        assert_eq!(object.take::<bool>("T", "d").unwrap_err().field(), "d", "a wrong type is not false");
        assert_eq!(object.take::<Vec<u8>>("T", "e").unwrap_err().field(), "e");
        assert!(!object.take::<bool>("T", "f").unwrap() && object.take::<Vec<u8>>("T", "g").unwrap().is_empty());
        assert_eq!(object.take::<String>("T", "g").unwrap_err().field(), "g");
        assert_eq!(object.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["b", "d", "e"]);
    }

    #[test]
    fn deeply_nested_json_is_kept() {
        let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        let object = fields(&deep);
        let value = object.get("a").unwrap();
        assert_eq!(value.as_str().len(), 200_000);
        assert!(value.parse::<serde_json::Value>().is_err());
        assert_eq!(format!("{value:?} {object:?}"), r#"Json(..) {"a"}"#);
    }
}
