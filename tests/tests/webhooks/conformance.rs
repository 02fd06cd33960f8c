//! Every event of Clerk's own description of its webhooks is typed, and nothing of it is lost.

use std::collections::BTreeSet;

use clerk_core::webhook::event::{EVENT_TYPES, Event, EventData};
use clerk_tests::shared;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Map, Value, json, value::RawValue};

const DESCRIPTION: &str = "openapi/webhooks-2025-04-15.yml";

/// In Clerk's JavaScript SDK and not in the description.
const NOT_DESCRIBED: [&str; 1] = ["subscriptionItem.created"];

/// A member that nobody knows. Its name comes before all that Clerk may give: among the members that have no field of
/// their own, which are printed last and in their order, it is the first.
const TOMORROW: &str = "!";

/// What is made of a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Every member, and of each choice the one of this number.
    Full(usize),
    /// Every member, those that may be null so.
    Nulls,
    /// What is required alone.
    Required,
    /// Every member, of each choice the one of this number, and in each object one that nobody knows.
    UnknownMembers(usize),
    /// Every member, each enum with a value that nobody knows.
    UnknownValues,
}

struct Description(Value);

impl Description {
    fn find() -> Option<Self> {
        let text = shared::file(DESCRIPTION)?;
        Some(Self(serde_yaml_ng::from_str(&text).unwrap()))
    }

    fn events(&self) -> &Map<String, Value> {
        self.0["x-webhooks"].as_object().unwrap()
    }

    fn payload(&self, event: &str, shape: Shape) -> Value {
        let schema = &self.events()[event]["post"]["requestBody"]["content"]["application/json"]["schema"];
        let mut payload = self.instance(schema, shape);
        payload["type"] = event.into();
        payload
    }

    fn instance(&self, schema: &Value, shape: Shape) -> Value {
        if let Some(reference) = schema["$ref"].as_str() {
            return self.instance(self.0.pointer(reference.trim_start_matches('#')).unwrap(), shape);
        }
        if shape == Shape::Nulls && schema["nullable"] == true {
            return Value::Null;
        }
        if let Some(parts) = schema["allOf"].as_array() {
            let mut merged = Map::new();
            for part in parts.iter().chain([&without_all_of(schema)]) {
                // What is required may be said beside the part that says what it is.
                let mut part = part.clone();
                if let (Some(also), true) = (schema["required"].as_array(), part["properties"].is_object()) {
                    let own = part["required"].as_array().into_iter().flatten();
                    part["required"] = own.chain(also).cloned().collect();
                }
                if let Value::Object(members) = self.instance(&part, shape) {
                    merged.extend(members);
                }
            }
            return merged.into();
        }
        let number = if let Shape::Full(number) | Shape::UnknownMembers(number) = shape { number } else { 0 };
        if let Some(choices) = schema["oneOf"].as_array() {
            return self.instance(&choices[number % choices.len()], shape);
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
            Some("array") => json!([self.instance(&schema["items"], shape), self.instance(&schema["items"], shape)]),
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
            .map(|(name, schema)| (name.clone(), self.instance(schema, shape)))
            .collect();
        if properties.is_empty() && schema["type"] == "object" {
            // Metadata, which is anybody's.
            members
                .insert("anything".to_owned(), json!({"deep": [1, 0.5, "x", {"y": false}], "empty": [], "none": {}}));
        }
        if matches!(shape, Shape::UnknownMembers(_)) && !properties.is_empty() {
            members.insert(TOMORROW.to_owned(), json!({"of": ["any", "kind"], "id": 7}));
        }
        members.into()
    }
}

fn without_all_of(schema: &Value) -> Value {
    let mut rest = schema.as_object().unwrap().clone();
    rest.remove("allOf");
    if !rest.contains_key("properties") {
        rest.remove("type"); // otherwise it would be an object of anything
    }
    rest.into()
}

/// A member that is null, and one that is missing, are the same.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().filter(|(_, member)| !member.is_null());
            members.map(|(name, member)| (name.clone(), without_nulls(member))).collect::<Map<_, _>>().into()
        }
        Value::Array(values) => values.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

/// Where something of the first is missing from the second, or the second says more than the `false` and `[]` that a
/// payload may leave out.
fn lost(given: &Value, kept: &Value, at: &str) -> Vec<String> {
    match (given, kept) {
        (Value::Object(given), Value::Object(kept)) => {
            let missing = given.iter().flat_map(|(name, member)| {
                lost(member, kept.get(name).unwrap_or(&Value::Null), &format!("{at}/{name}"))
            });
            let made_up = kept.iter().filter(|(name, member)| {
                let empty = member.is_null() || **member == false || member.as_array().is_some_and(Vec::is_empty);
                !given.contains_key(*name) && !empty
            });
            missing.chain(made_up.map(|(name, _)| format!("{at}/{name} was made up"))).collect()
        }
        (Value::Array(given), Value::Array(kept)) if given.len() == kept.len() => {
            given.iter().zip(kept).enumerate().flat_map(|(i, (g, k))| lost(g, k, &format!("{at}/{i}"))).collect()
        }
        _ if given == kept => Vec::new(),
        _ => vec![format!("{at}: {given} became {kept}")],
    }
}

/// The members of an object, in the order in which they are written.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

/// Where a described member has no field of its own: it is printed behind the one that nobody knows.
fn untyped(printed: &str, at: &str) -> Vec<String> {
    if let Ok(Members(members)) = serde_json::from_str(printed) {
        let unknown = members.iter().position(|(name, _)| name == TOMORROW).unwrap_or(members.len());
        let behind = members.iter().skip(unknown + 1).map(|(name, _)| format!("{at}/{name}"));
        let within =
            members.iter().take(unknown).flat_map(|(name, member)| untyped(member.get(), &format!("{at}/{name}")));
        behind.chain(within).collect()
    } else if let Ok(values) = serde_json::from_str::<Vec<Box<RawValue>>>(printed) {
        values.iter().flat_map(|value| untyped(value.get(), &format!("{at}/[]"))).collect()
    } else {
        Vec::new()
    }
}

#[test]
fn every_described_event_is_known() {
    let Some(description) = Description::find() else { return };
    let described: BTreeSet<&str> = description.events().keys().map(String::as_str).collect();
    let known: BTreeSet<&str> = EVENT_TYPES.iter().copied().filter(|name| !NOT_DESCRIBED.contains(name)).collect();
    assert_eq!(described, known);
    println!("{} types of events", described.len());
}

#[test]
fn every_described_payload_is_typed_and_nothing_is_lost() {
    let Some(description) = Description::find() else { return };
    let shapes = [Shape::Nulls, Shape::Required, Shape::UnknownValues];
    let choices = (0..8).flat_map(|number| [Shape::Full(number), Shape::UnknownMembers(number)]);
    let shapes: Vec<Shape> = choices.chain(shapes).collect();
    let mut count = 0;
    for event in description.events().keys() {
        for shape in &shapes {
            let payload = description.payload(event, *shape);
            let parsed = Event::parse(payload.to_string().as_bytes()).unwrap();
            assert_eq!(parsed.event_type(), event);
            if let EventData::Unknown(unknown) = &parsed.data {
                panic!("{event} {shape:?} is not typed: {:?}", unknown.error());
            }
            if matches!(shape, Shape::UnknownMembers(_)) {
                let untyped = untyped(&serde_json::to_string(&parsed).unwrap(), "");
                assert!(untyped.is_empty(), "{event} has no field for {untyped:#?}");
            }
            let printed = serde_json::to_value(&parsed).unwrap();
            let lost = lost(&without_nulls(&payload), &printed, "");
            assert!(lost.is_empty(), "{event} {shape:?}: {lost:#?}");
            // What was printed is read again to the same.
            let again = Event::parse(printed.to_string().as_bytes()).unwrap();
            assert_eq!(serde_json::to_value(&again).unwrap(), printed, "{event} {shape:?}");
            count += 1;
        }
    }
    println!("{count} payloads");
}

/// The examples that the description itself gives.
#[test]
fn every_example_is_typed_and_nothing_is_lost() {
    let Some(description) = Description::find() else { return };
    let mut count = 0;
    for (event, operation) in description.events() {
        let content = &operation["post"]["requestBody"]["content"]["application/json"];
        let named = content["examples"].as_object().into_iter().flat_map(Map::values).map(|example| {
            let referred =
                example["$ref"].as_str().and_then(|name| description.0.pointer(name.trim_start_matches('#')));
            &referred.unwrap_or(example)["value"]
        });
        for example in named.chain([&content["example"]]).filter(|example| example.is_object()) {
            let parsed = Event::parse(example.to_string().as_bytes()).unwrap();
            let lost = lost(&without_nulls(example), &serde_json::to_value(&parsed).unwrap(), "");
            assert!(lost.is_empty(), "{event}: {lost:#?}");
            if let EventData::Unknown(unknown) = &parsed.data {
                panic!("the example of {event} is not typed: {:?}", unknown.error());
            }
            count += 1;
        }
    }
    println!("{count} examples");
}
