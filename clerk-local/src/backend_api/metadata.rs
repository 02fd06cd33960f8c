//! Changes of metadata.

use serde_json::{Map, Value};

use super::fields::BodyFields;
use crate::http::ApiError;

type Metadata = Map<String, Value>;

/// The new metadata in a request, of each kind.
#[derive(Debug)]
pub(super) struct MetadataChanges {
    public: Option<Metadata>,
    private: Option<Metadata>,
    unsafe_: Option<Metadata>,
}

impl MetadataChanges {
    pub(super) fn take(fields: &mut BodyFields) -> Result<Self, ApiError> {
        Ok(Self {
            public: fields.metadata("public_metadata")?,
            private: fields.metadata("private_metadata")?,
            unsafe_: fields.metadata("unsafe_metadata")?,
        })
    }

    /// Replaces each kind of metadata that the request has.
    pub(super) fn replace(self, public: &mut Metadata, private: &mut Metadata, unsafe_: Option<&mut Metadata>) {
        self.apply(public, private, unsafe_, |own, new| *own = new);
    }

    /// Merges deeply; null removes a key.
    pub(super) fn merge(self, public: &mut Metadata, private: &mut Metadata, unsafe_: Option<&mut Metadata>) {
        self.apply(public, private, unsafe_, merge);
    }

    fn apply(
        self,
        public: &mut Metadata,
        private: &mut Metadata,
        unsafe_: Option<&mut Metadata>,
        apply: impl Fn(&mut Metadata, Metadata),
    ) {
        let kinds = [(Some(public), self.public), (Some(private), self.private), (unsafe_, self.unsafe_)];
        for (own, new) in kinds {
            if let (Some(own), Some(new)) = (own, new) {
                apply(own, new);
            }
        }
    }
}

/// The recursion is bounded: the JSON parser limits how deep a body may be nested.
fn merge(own: &mut Metadata, new: Metadata) {
    for (key, value) in new {
        match (own.get_mut(&key), value) {
            (_, Value::Null) => drop(own.remove(&key)),
            (Some(Value::Object(own)), Value::Object(new)) => merge(own, new),
            (_, Value::Object(new)) => {
                let mut empty = Metadata::new();
                merge(&mut empty, new);
                own.insert(key, empty.into());
            }
            (_, value) => drop(own.insert(key, value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn metadata_are_merged_at_every_depth() {
        let map = |json: Value| json.as_object().unwrap().clone();
        let mut own = map(json!({"a": {"b": 1, "c": [1]}, "d": 2, "e": 3}));
        merge(&mut own, map(json!({"a": {"b": null, "c": [2], "f": {"g": null, "h": 1}}, "d": {"i": 1}, "x": null})));
        assert_eq!(Value::from(own), json!({"a": {"c": [2], "f": {"h": 1}}, "d": {"i": 1}, "e": 3}));
    }
}
