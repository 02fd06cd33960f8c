//! A schema of OpenAPI 3.0 as one of JSON Schema, draft 2020-12.

use serde_json::{Map, Value, json};

/// What the schemas refer to each other under.
pub(super) const DOCUMENT: &str = "urn:openapi";

/// The schema, in which
///
/// - `nullable` is a type or a form of its own, also beside a reference, where OpenAPI 3.0 overlooks it;
/// - `exclusiveMinimum` and `exclusiveMaximum` are the numbers themselves;
/// - the parts of an `allOf` are closed together, and not each for itself, which nothing with members of two could pass;
/// - `oneOf` is `anyOf`: that an answer has more than one of the forms says something about the description alone.
///
/// `document` is what the references lead into.
pub(super) fn converted(schema: &Value, document: &Value) -> Value {
    let Value::Object(members) = schema else { return schema.clone() };
    let mut result = Map::new();
    let all = |schemas: &Value| -> Value {
        schemas.as_array().into_iter().flatten().map(|schema| converted(schema, document)).collect()
    };
    for (name, value) in members {
        match &**name {
            "properties" => {
                let properties = value.as_object().into_iter().flatten();
                let properties = properties.map(|(name, schema)| (name.clone(), converted(schema, document)));
                result.insert(name.clone(), properties.collect::<Map<_, _>>().into());
            }
            "items" | "additionalProperties" | "not" => {
                result.insert(name.clone(), converted(value, document));
            }
            "anyOf" | "oneOf" => {
                result.insert("anyOf".to_owned(), all(value));
            }
            "$ref" => {
                result.insert(name.clone(), format!("{DOCUMENT}{}", value.as_str().expect("a reference")).into());
            }
            // Dealt with below, or nothing that an answer can break.
            "allOf" | "nullable" | "exclusiveMinimum" | "exclusiveMaximum" | "discriminator" | "example"
            | "default" | "description" | "title" | "deprecated" | "externalDocs" | "xml" => {}
            extension if extension.starts_with("x-") => {}
            _ => {
                result.insert(name.clone(), value.clone());
            }
        }
    }
    for (bound, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        if members.get(exclusive) == Some(&json!(true))
            && let Some(limit) = result.remove(bound)
        {
            result.insert(exclusive.to_owned(), limit);
        }
    }
    if let Some(parts) = members.get("allOf").and_then(Value::as_array) {
        closed_together(parts, &mut result, document);
    }
    if members.get("nullable") == Some(&json!(true)) { nullable(result) } else { result.into() }
}

/// Adds the parts of an `allOf`.
fn closed_together(parts: &[Value], result: &mut Map<String, Value>, document: &Value) {
    // One part that says everything stays as it is: nothing else could be closed out.
    if parts.len() == 1 && !result.contains_key("properties") {
        result.insert("allOf".to_owned(), json!([converted(&parts[0], document)]));
        return;
    }
    let mut closed = result.remove("additionalProperties") == Some(json!(false));
    let parts: Value = parts.iter().map(|part| opened(part, document, &mut closed)).collect();
    result.insert("allOf".to_owned(), parts);
    if closed {
        result.insert("unevaluatedProperties".to_owned(), json!(false));
    }
}

/// A part of an `allOf`, written out, that lets other members be; whether it would not have is told by `closed`.
fn opened(part: &Value, document: &Value, closed: &mut bool) -> Value {
    if let Some(reference) = part["$ref"].as_str() {
        return opened(pointed_at(document, reference), document, closed);
    }
    let mut part = converted(part, document);
    if let Some(members) = part.as_object_mut() {
        for keyword in ["additionalProperties", "unevaluatedProperties"] {
            if members.get(keyword) == Some(&json!(false)) {
                members.remove(keyword);
                *closed = true;
            }
        }
    }
    part
}

/// The same schema, or null.
fn nullable(mut schema: Map<String, Value>) -> Value {
    if ["$ref", "allOf", "anyOf"].iter().any(|form| schema.contains_key(*form)) {
        return json!({ "anyOf": [schema, { "type": "null" }] });
    }
    if let Some(kind) = schema.remove("type") {
        schema.insert("type".to_owned(), json!([kind, "null"]));
    }
    if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut)
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
    schema.into()
}

/// What a reference within the document leads to.
pub(super) fn pointed_at<'d>(document: &'d Value, reference: &str) -> &'d Value {
    let found = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
    found.unwrap_or_else(|| panic!("{reference} leads nowhere"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_of_openapi_become_those_of_json_schema() {
        let document = json!({"components": {"schemas": {
            "A": {"type": "object", "additionalProperties": false, "properties": {"a": {"type": "string"}}},
        }}});
        let reference = json!({"$ref": "#/components/schemas/A"});
        let a = json!({"$ref": "urn:openapi#/components/schemas/A"});
        let open = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        for (given, expected) in [
            (json!({"type": "string", "nullable": true}), json!({"type": ["string", "null"]})),
            (json!({"type": "string", "nullable": false}), json!({"type": "string"})),
            (json!({"nullable": true, "example": 1, "x-more": {}}), json!({})),
            (
                json!({"type": "string", "nullable": true, "enum": ["a", null]}),
                json!({"type": ["string", "null"], "enum": ["a", null]}),
            ),
            (json!({"minimum": 1, "exclusiveMinimum": true}), json!({"exclusiveMinimum": 1})),
            (json!({"maximum": 1, "exclusiveMaximum": false}), json!({"maximum": 1})),
            (reference.clone(), a.clone()),
            (json!({"allOf": [reference]}), json!({"allOf": [a]})),
            (json!({"allOf": [reference], "nullable": true}), json!({"anyOf": [{"allOf": [a]}, {"type": "null"}]})),
            (json!({"$ref": "#/components/schemas/A", "nullable": true}), json!({"anyOf": [a, {"type": "null"}]})),
            (json!({"oneOf": [reference, {"type": "string"}]}), json!({"anyOf": [a, {"type": "string"}]})),
            (
                json!({"allOf": [reference, {"type": "object", "properties": {"b": {}}}]}),
                json!({"allOf": [open, {"type": "object", "properties": {"b": {}}}], "unevaluatedProperties": false}),
            ),
            // Members that are named like keywords are members.
            (
                json!({"properties": {"nullable": {"type": "boolean"}, "enum": {"type": "array", "items": reference}}}),
                json!({"properties": {"nullable": {"type": "boolean"}, "enum": {"type": "array", "items": a}}}),
            ),
        ] {
            assert_eq!(converted(&given, &document), expected, "{given}");
        }
    }
}
