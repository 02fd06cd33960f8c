//! [`Page`]: one page of a list.

use serde_json::Value;

use crate::{
    field::{Field, object},
    mismatch::Mismatch,
    reading::Reading,
    shape::Shape,
};

/// One page of a list. The API sends a list either as a bare array or as an object with a total; this reads both.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items.
    pub data: Vec<T>,
    /// The number of items on all pages, if the API sends it.
    pub total_count: Option<i64>,
}

impl<T: Field> Field for Page<T> {
    const SHAPE: Shape = Shape::Page(&T::SHAPE);

    fn read(value: Value, reading: &mut Reading) -> Result<Self, Mismatch> {
        let (data, total_count) = if value.is_array() {
            (value, None)
        } else {
            let mut object = object(value)?;
            // The list of M2M tokens has its own name.
            let data = object.remove("data").or_else(|| object.remove("m2m_tokens"));
            (data.ok_or(Mismatch::new("a list"))?, object.get("total_count").and_then(Value::as_i64))
        };
        let data = reading.inside(|| "data", |reading| Vec::read(data, reading))?;
        Ok(Self { data, total_count })
    }

    fn to_value(&self) -> Value {
        serde_json::json!({ "data": self.data.to_value(), "total_count": self.total_count })
    }
}

impl<T> IntoIterator for Page<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.data.into_iter()
    }
}
