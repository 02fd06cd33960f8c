//! Every event of Clerk's own description of webhooks has a type that keeps all of its data.

use std::collections::BTreeSet;

use clerk_tests::shared;
use clerk_webhook::event::{EVENT_TYPES, Event, EventData};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Map, Value, json, value::RawValue};

const DESCRIPTION: &str = "openapi/webhooks-2025-04-15.yml";

/// Events of Clerk's JavaScript SDK that are missing in the description.
const NOT_DESCRIBED: [&str; 1] = ["subscriptionItem.created"];

/// The name of an unknown member. Members without a field of their own are printed last, in the order of their names, and
/// this name comes before all names that Clerk may use.
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
        let mut payload = self.generate(schema, shape);
        payload["type"] = event.into();
        payload
    }

    fn generate(&self, schema: &Value, shape: Shape) -> Value {
        if let Some(reference) = schema["$ref"].as_str() {
            return self.generate(self.0.pointer(reference.trim_start_matches('#')).unwrap(), shape);
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

/// Removes null members, because a missing member means the same.
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

/// Lists the differences between the given payload and the kept one. The kept one may add `false` and `[]`, which a
/// payload may leave out.
fn find_lost(given: &Value, kept: &Value, at: &str) -> Vec<String> {
    match (given, kept) {
        (Value::Object(given), Value::Object(kept)) => {
            let missing = given.iter().flat_map(|(name, member)| {
                find_lost(member, kept.get(name).unwrap_or(&Value::Null), &format!("{at}/{name}"))
            });
            let added = kept.iter().filter(|(name, member)| {
                let empty = member.is_null() || **member == false || member.as_array().is_some_and(Vec::is_empty);
                !given.contains_key(*name) && !empty
            });
            missing.chain(added.map(|(name, _)| format!("{at}/{name} was added"))).collect()
        }
        (Value::Array(given), Value::Array(kept)) if given.len() == kept.len() => {
            given.iter().zip(kept).enumerate().flat_map(|(i, (g, k))| find_lost(g, k, &format!("{at}/{i}"))).collect()
        }
        _ if given == kept => Vec::new(),
        _ => vec![format!("{at}: {given} became {kept}")],
    }
}

/// The members of an object, in their written order.
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

/// Lists the described members that have no field of their own: they are printed after the unknown member.
fn find_untyped(printed: &str, at: &str) -> Vec<String> {
    if let Ok(Members(members)) = serde_json::from_str(printed) {
        let unknown = members.iter().position(|(name, _)| name == UNKNOWN_MEMBER).unwrap_or(members.len());
        let after = members.iter().skip(unknown + 1).map(|(name, _)| format!("{at}/{name}"));
        let within =
            members.iter().take(unknown).flat_map(|(name, member)| find_untyped(member.get(), &format!("{at}/{name}")));
        after.chain(within).collect()
    } else if let Ok(values) = serde_json::from_str::<Vec<Box<RawValue>>>(printed) {
        values.iter().flat_map(|value| find_untyped(value.get(), &format!("{at}/[]"))).collect()
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
fn every_described_payload_is_typed_and_kept() {
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
                let untyped = find_untyped(&serde_json::to_string(&parsed).unwrap(), "");
                assert!(untyped.is_empty(), "{event} has no field for {untyped:#?}");
            }
            let printed = serde_json::to_value(&parsed).unwrap();
            let lost = find_lost(&without_nulls(&payload), &printed, "");
            assert!(lost.is_empty(), "{event} {shape:?}: {lost:#?}");
            // Parsing the printed event returns the same event.
            let again = Event::parse(printed.to_string().as_bytes()).unwrap();
            assert_eq!(serde_json::to_value(&again).unwrap(), printed, "{event} {shape:?}");
            count += 1;
        }
    }
    println!("{count} payloads");
}

#[test]
fn every_example_of_the_description_is_typed_and_kept() {
    let Some(description) = Description::find() else { return };
    let mut count = 0;
    for (event, operation) in description.events() {
        let content = &operation["post"]["requestBody"]["content"]["application/json"];
        let named = content["examples"].as_object().into_iter().flat_map(Map::values).map(|example| {
            let resolved =
                example["$ref"].as_str().and_then(|name| description.0.pointer(name.trim_start_matches('#')));
            &resolved.unwrap_or(example)["value"]
        });
        for example in named.chain([&content["example"]]).filter(|example| example.is_object()) {
            let parsed = Event::parse(example.to_string().as_bytes()).unwrap();
            let lost = find_lost(&without_nulls(example), &serde_json::to_value(&parsed).unwrap(), "");
            assert!(lost.is_empty(), "{event}: {lost:#?}");
            if let EventData::Unknown(unknown) = &parsed.data {
                panic!("the example of {event} is not typed: {:?}", unknown.error());
            }
            count += 1;
        }
    }
    println!("{count} examples");
}
