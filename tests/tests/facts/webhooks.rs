//! Every event in the table of webhooks has a type that keeps all of its data.

use std::collections::BTreeSet;

use clerk_tests::{openapi::facts::Api, shared};
use clerk_webhook::{
    clerk_types::{self, Field, webhook::Envelope},
    event::{EVENT_TYPES, Event, EventData, payload_shape},
};
use serde_json::{Map, Value, json};

use crate::{
    comparison::Comparison,
    document::{Branch, Document},
};

/// A developer's copy of Clerk's description, which has examples.
const DESCRIPTION: &str = "openapi/webhooks-2025-04-15.yml";

/// The name of an unknown member.
const UNKNOWN_MEMBER: &str = "!";

/// How a payload is generated from a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// All members; of alternatives the one with this number.
    Full(usize),
    /// All members; nullable members are null.
    Nulls,
    /// Only the required members.
    Required,
    /// All members, and an unknown one in each object; of alternatives the one with this number.
    UnknownMembers(usize),
    /// All members; each enum has an unknown value.
    UnknownValues,
}

/// Compares the events, in both directions, and the objects in them.
pub(crate) fn compare(comparison: &mut Comparison, document: &Document) {
    let described: BTreeSet<&str> = document.events().map(|(event, _)| event).collect();
    for event in EVENT_TYPES.iter().filter(|event| !described.contains(*event)) {
        comparison.report(format!("the event {event} is not in the table"));
    }
    for (event, schema) in document.events() {
        let Some(payload) = payload_shape(event) else {
            comparison.report(format!("the event {event} has no type"));
            continue;
        };
        for Branch { mut properties, required } in document.branches(schema) {
            comparison.shape(document, event, payload, &properties["data"]);
            // In the envelope, it is any JSON.
            properties["data"] = json!({});
            let envelope = json!({ "properties": properties, "required": required });
            comparison.shape(document, event, Envelope::SHAPE, &envelope);
        }
    }
}

/// Generates payloads.
struct Generator(Document);

impl Generator {
    fn payload(&self, event: &str, schema: &Value, shape: Shape) -> Value {
        let mut payload = self.generate(schema, shape);
        payload["type"] = event.into();
        payload
    }

    fn generate(&self, schema: &Value, shape: Shape) -> Value {
        if schema["$ref"].is_string() {
            return self.generate(&self.0.resolve(schema), shape);
        }
        if shape == Shape::Nulls && schema["nullable"] == true {
            return Value::Null;
        }
        if let Some(parts) = schema["allOf"].as_array() {
            let mut merged = Map::new();
            for part in parts.iter().chain([&without_all_of(schema)]) {
                // The list of required members may be outside of the part that describes them.
                let mut part = part.clone();
                if let (Some(also), true) = (schema["required"].as_array(), part["properties"].is_object()) {
                    let own = part["required"].as_array().into_iter().flatten();
                    part["required"] = own.chain(also).cloned().collect();
                }
                if let Value::Object(members) = self.generate(&part, shape) {
                    merged.extend(members);
                }
            }
            return merged.into();
        }
        let number = if let Shape::Full(number) | Shape::UnknownMembers(number) = shape { number } else { 0 };
        if let Some(choices) = schema["oneOf"].as_array() {
            return self.generate(&choices[number % choices.len()], shape);
        }
        if let Some(values) = schema["enum"].as_array() {
            let known = &values[number % values.len()];
            return if shape == Shape::UnknownValues { "a_value_of_tomorrow".into() } else { known.clone() };
        }
        match schema["type"].as_str() {
            Some("string") => json!("a text, Jóe ✓"),
            Some("integer") => json!(1_768_478_400_123_i64),
            Some("number") => json!(0.25),
            Some("boolean") => json!(true),
            Some("array") => json!([self.generate(&schema["items"], shape), self.generate(&schema["items"], shape)]),
            _ => self.object(schema, shape),
        }
    }

    fn object(&self, schema: &Value, shape: Shape) -> Value {
        let none = Map::new();
        let properties = schema["properties"].as_object().unwrap_or(&none);
        let required: BTreeSet<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let mut members: Map<String, Value> = properties
            .iter()
            .filter(|(name, _)| shape != Shape::Required || required.contains(name.as_str()))
            .map(|(name, schema)| (name.clone(), self.generate(schema, shape)))
            .collect();
        if properties.is_empty() && schema["type"] == "object" {
            // Metadata, which may hold any JSON.
            members
                .insert("anything".to_owned(), json!({"deep": [1, 0.5, "x", {"y": false}], "empty": [], "none": {}}));
        }
        if matches!(shape, Shape::UnknownMembers(_)) && !properties.is_empty() {
            members.insert(UNKNOWN_MEMBER.to_owned(), json!({"of": ["any", "kind"], "id": 7}));
        }
        members.into()
    }
}

fn without_all_of(schema: &Value) -> Value {
    let mut rest = schema.as_object().unwrap().clone();
    rest.remove("allOf");
    if !rest.contains_key("properties") {
        rest.remove("type"); // otherwise metadata would be generated
    }
    rest.into()
}

/// Lists the members that have no field.
fn find_untyped(value: &Value, shape: clerk_types::Shape, at: &str) -> Vec<String> {
    match (shape, value) {
        (clerk_types::Shape::Maybe(inner), _) => find_untyped(value, *inner, at),
        (clerk_types::Shape::List(item), Value::Array(values)) => {
            values.iter().flat_map(|value| find_untyped(value, *item, &format!("{at}/[]"))).collect()
        }
        (clerk_types::Shape::Model(info), Value::Object(members)) => {
            let find = |(name, value): (&String, _)| {
                let at = format!("{at}/{name}");
                info().member(name).map_or_else(|| vec![at.clone()], |member| find_untyped(value, member.shape, &at))
            };
            members.iter().filter(|(name, _)| *name != UNKNOWN_MEMBER).flat_map(find).collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn every_described_payload_is_typed_and_kept() {
    let generator = Generator(Document::of(Api::Webhooks));
    let shapes = [Shape::Nulls, Shape::Required, Shape::UnknownValues];
    let choices = (0..8).flat_map(|number| [Shape::Full(number), Shape::UnknownMembers(number)]);
    let shapes: Vec<Shape> = choices.chain(shapes).collect();
    let mut count = 0;
    for (event, schema) in generator.0.events() {
        for shape in &shapes {
            let payload = generator.payload(event, schema, *shape);
            let parsed = Event::parse(payload.to_string().as_bytes()).unwrap();
            assert_eq!(parsed.event_type(), event);
            if let EventData::Unknown(unknown) = &parsed.data {
                panic!("{event} {shape:?} is not typed: {:?}", unknown.error());
            }
            assert_eq!(serde_json::to_value(&parsed).unwrap(), payload, "{event} {shape:?}");
            for (value, shape) in [(&payload, Envelope::SHAPE), (&payload["data"], payload_shape(event).unwrap())] {
                let untyped = find_untyped(value, shape, "");
                assert!(untyped.is_empty(), "{event} has no field for {untyped:#?}");
                // This reads strictly: each member has the type of its field.
                let clerk_types::Shape::Model(info) = shape else { panic!("{event} is no object") };
                assert_eq!((info().round_trip)(value.clone()).as_ref(), Ok(value), "{event}");
            }
            count += 1;
        }
    }
    println!("{count} payloads");
}

#[test]
fn every_example_of_the_description_is_typed_and_kept() {
    let Some(text) = shared::file(DESCRIPTION) else { return };
    let description: Value = serde_yaml_ng::from_str(&text).unwrap();
    let mut count = 0;
    for (event, operation) in description["x-webhooks"].as_object().unwrap() {
        let content = &operation["post"]["requestBody"]["content"]["application/json"];
        let named = content["examples"].as_object().into_iter().flat_map(Map::values).map(|example| {
            let resolved = example["$ref"].as_str().and_then(|name| description.pointer(name.trim_start_matches('#')));
            &resolved.unwrap_or(example)["value"]
        });
        for example in named.chain([&content["example"]]).filter(|example| example.is_object()) {
            let parsed = Event::parse(example.to_string().as_bytes()).unwrap();
            assert_eq!(serde_json::to_value(&parsed).unwrap(), *example, "{event}");
            if let EventData::Unknown(unknown) = &parsed.data {
                panic!("the example of {event} is not typed: {:?}", unknown.error());
            }
            count += 1;
        }
    }
    println!("{count} examples");
}
