//! Sample responses, generated from the table of the Backend API, stay the same when they are read and written again.

use std::collections::BTreeMap;

use clerk_api::clerk_types::Shape;
use clerk_tests::openapi::facts::Api;
use serde_json::{Map, Value, json};

use crate::document::Document;

/// Which members a sample has.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Mode {
    /// All fields.
    Full,
    /// The required fields; null where that is allowed.
    Required,
    /// All fields; null where that is allowed.
    Null,
    /// All fields, with members and enum values that this crate does not know.
    Unknown,
}

#[test]
fn sample_responses_round_trip() {
    let document = Document::of(Api::Backend);
    let described = document.operations();
    let mut count = BTreeMap::new();
    let mut changed = Vec::new();
    for operation in clerk_api::operations() {
        let Some(described) = described.get(operation.id) else { continue };
        let Some(response) = document.response(&described.json) else { continue };
        let (shape, schema) = match operation.response {
            Shape::Page(item) => {
                let list = ["data", "m2m_tokens"].iter().map(|name| &response["properties"][*name]);
                let list = list.clone().find(|list| !list.is_null()).unwrap_or(&response);
                (*item, document.resolve(list)["items"].clone())
            }
            Shape::List(item) => (*item, response["items"].clone()),
            shape => (shape, response),
        };
        let Shape::Model(info) = shape else { continue };
        for mode in [Mode::Full, Mode::Required, Mode::Null, Mode::Unknown] {
            // The largest union has seven branches.
            for branch in 0..7 {
                let sample = sample(&document, shape, &schema, mode, branch);
                match (info().round_trip)(sample.clone()) {
                    Ok(printed) if printed == sample => *count.entry(format!("{mode:?}")).or_insert(0) += 1,
                    Ok(printed) => changed.push(format!("{} {mode:?}:\n{sample}\n{printed}", operation.id)),
                    Err(mismatch) => changed.push(format!("{} {mode:?}: {mismatch}", operation.id)),
                }
            }
        }
    }
    println!("unchanged samples: {count:?}");
    assert!(changed.is_empty(), "{} samples changed, the first:\n{}", changed.len(), changed[0]);
    assert!(count.values().all(|count| *count > 500));
}

fn sample(document: &Document, shape: Shape, schema: &Value, mode: Mode, branch: usize) -> Value {
    let schema = document.resolve(schema);
    if schema["nullable"] == true && matches!(mode, Mode::Null | Mode::Required) && matches!(shape, Shape::Maybe(_)) {
        return Value::Null;
    }
    match shape {
        Shape::Maybe(inner) => sample(document, *inner, &schema, mode, branch),
        Shape::Model(info) => {
            let branches = document.branches(&schema);
            let chosen = &branches[branch % branches.len()];
            let mut object = Map::new();
            for (name, one) in &chosen.properties {
                if mode == Mode::Required && !chosen.required.contains(name) {
                    continue;
                }
                let Some(member) = info().member(name) else { continue };
                object.insert(name.clone(), sample(document, member.shape, one, mode, branch));
            }
            if mode == Mode::Unknown {
                object.insert("unknown_value".to_owned(), json!({ "deep": [1, "two", { "three": false }] }));
            }
            // Only an id and a flag may be required.
            for member in info().members {
                let kept =
                    matches!(member.shape, Shape::Flag) || (member.name == "id" && matches!(member.shape, Shape::Text));
                assert!(!kept || object.contains_key(member.name), "{} {}", info().name, member.name);
            }
            Value::Object(object)
        }
        Shape::Choice(_) if mode == Mode::Unknown => "unknown_value".into(),
        Shape::Choice(values) => values()[branch % values().len()].into(),
        Shape::List(item) => json!([sample(document, *item, &schema["items"], mode, branch)]),
        Shape::Map => json!({ "key": { "nested": [true] } }),
        Shape::Any => json!({ "any": 1 }),
        Shape::Flag => true.into(),
        Shape::Integer => 1_768_478_400_123_i64.into(),
        Shape::Number => 1.5.into(),
        Shape::Text => "text".into(),
        shape => panic!("{shape:?} in a model"),
    }
}
