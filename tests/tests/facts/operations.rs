//! Compares the operations of clerk-api with the table of the Backend API: method, path, parameters, body and response. Calls
//! are built from the same `Operation` values that are compared here.

use std::collections::{BTreeMap, BTreeSet};

use clerk_api::{
    clerk_types::Shape,
    operation::{BodyKind, Operation, Place},
};
use serde_json::Value;

use crate::{
    comparison::Comparison,
    document::{Described, Document},
};

/// Compares all operations, in both directions; returns how many both have.
pub(crate) fn compare(comparison: &mut Comparison, document: &Document) -> usize {
    let described = document.operations();
    let ours: BTreeMap<_, _> = clerk_api::operations().map(|operation| (operation.id, operation)).collect();
    assert_eq!(ours.len(), clerk_api::operations().count(), "ids are unique");
    for (id, theirs) in &described {
        match ours.get(id.as_str()) {
            Some(operation) => comparison.operation(document, operation, theirs, &ours),
            None => comparison.report(format!("{id} has no method")),
        }
    }
    for id in ours.keys().filter(|id| !described.contains_key(**id)) {
        comparison.report(format!("{id} is not in the table"));
    }
    ours.keys().filter(|id| described.contains_key(**id)).count()
}

impl Comparison {
    fn operation(
        &mut self,
        document: &Document,
        ours: &Operation,
        theirs: &Described,
        all: &BTreeMap<&str, &Operation>,
    ) {
        let id = ours.id;
        if (ours.method.as_str(), ours.path) != (&*theirs.method, &*theirs.path) {
            self.report(format!("{id} is {} {}", theirs.method, theirs.path));
        }
        let mut known = BTreeSet::new();
        for parameter in document.parameters(&theirs.json, "query") {
            let name = parameter["name"].as_str().expect("a name");
            known.insert((Place::Query as u8, name.to_owned()));
            let required = parameter["required"] == true;
            self.parameter(document, ours, (Place::Query, name), &parameter["schema"], required);
        }
        let body = document.request_body(&theirs.json);
        let is_as_described = match (&body, ours.body) {
            (None, body) => body == BodyKind::None,
            (Some((media_type, _)), body) if media_type.starts_with("multipart") => body == BodyKind::Upload,
            (Some((_, schema)), BodyKind::Bulk { range, .. }) => {
                schema["type"] == "array" && described_range(schema).as_deref() == Some(range.text)
            }
            (Some((_, schema)), body) => body == BodyKind::Object && schema["type"] != "array",
        };
        if !is_as_described {
            self.report(format!("{id}: the body is not {:?}", ours.body));
        }
        if let Some((_, schema)) = &body {
            let (holder, schema) = match ours.body {
                // The items are bodies of the other operation.
                BodyKind::Bulk { of, .. } => (all[of], document.resolve(&schema["items"])),
                _ => (ours, schema.clone()),
            };
            for (name, one) in schema["properties"].as_object().into_iter().flatten() {
                known.insert((Place::Body as u8, name.clone()));
                let required = schema["required"].as_array().is_some_and(|list| list.contains(&Value::from(&**name)));
                let required = required || one["format"] == "binary";
                self.parameter(document, holder, (Place::Body, name), one, required);
            }
            for parameter in holder.parameters().filter(|parameter| parameter.place == Place::Body) {
                if !known.contains(&(Place::Body as u8, parameter.name.to_owned())) {
                    self.report(format!("{id}: no body parameter {}", parameter.name));
                }
            }
        }
        for parameter in ours.parameters() {
            if !known.contains(&(parameter.place as u8, parameter.name.to_owned())) {
                self.report(format!("{id}: no parameter {}", parameter.name));
            }
        }
        match document.response(&theirs.json) {
            None if matches!(ours.response, Shape::Nothing) => {}
            None => self.report(format!("{id}: response: nothing is in the table")),
            Some(schema) => self.response(document, &format!("{id}: response"), ours.response, &schema),
        }
    }

    fn parameter(
        &mut self,
        document: &Document,
        ours: &Operation,
        (place, name): (Place, &str),
        schema: &Value,
        required: bool,
    ) {
        self.parameters += 1;
        let at = format!("{}: {place:?} {name}", ours.id);
        let Some(parameter) = ours.parameters().find(|one| one.place == place && one.name == name) else {
            return self.report(format!("{at} is missing"));
        };
        if parameter.required != required {
            self.report(format!("{at}: required is {required}"));
        }
        let schema = document.resolve(schema);
        let range = described_range(&schema);
        if range.as_deref() != parameter.range.map(|range| range.text) {
            self.report(format!("{at}: the range is {range:?}, not {:?}", parameter.range));
        }
        self.ranges += usize::from(range.is_some());
        let shape = match (parameter.shape, schema["nullable"] == true) {
            (Shape::Maybe(inner), true) => *inner,
            (shape, false) if !matches!(shape, Shape::Maybe(_)) => shape,
            (shape, nullable) => {
                self.report(format!("{at}: nullable is {nullable}"));
                shape
            }
        };
        match (shape, document.kind(&schema)) {
            (Shape::Any, "object" | "any" | "union") => {}
            (Shape::Any, "array") if document.kind(&schema["items"]) == "object" => {}
            (Shape::File, "string") if schema["format"] == "binary" => {}
            _ => self.shape(document, &at, shape, &schema),
        }
    }

    fn response(&mut self, document: &Document, at: &str, shape: Shape, schema: &Value) {
        let Shape::Page(item) = shape else { return self.shape(document, at, shape, schema) };
        let list = ["data", "m2m_tokens"].iter().map(|name| &schema["properties"][*name]).find(|list| !list.is_null());
        let list = document.resolve(list.unwrap_or(schema));
        if list["type"] != "array" {
            return self.report(format!("{at} is not a list"));
        }
        self.shape(document, &format!("{at}[]"), *item, &list["items"]);
    }
}

/// The range of a parameter's value as [`Range`](clerk_api::operation::Range) writes it. Patterns are not compared.
fn described_range(schema: &Value) -> Option<String> {
    let number = |name: &str| schema[name].as_i64();
    let (min, max, unit) = match schema["type"].as_str()? {
        "string" => (number("minLength"), number("maxLength"), " characters"),
        "array" => (number("minItems"), number("maxItems"), " items"),
        _ => (number("minimum"), number("maximum"), ""),
    };
    let above = min.filter(|_| schema["exclusiveMinimum"] == true);
    match (min, max) {
        (None, None) => None,
        _ if above.is_some() && schema["type"] == "number" => above.map(|above| format!("> {above}")),
        _ => {
            let min = min.map(|min| (min + i64::from(above.is_some())).to_string());
            let max = max.map(|max| format!("={max}"));
            Some(format!("{}..{}{unit}", min.unwrap_or_default(), max.unwrap_or_default()))
        }
    }
}
