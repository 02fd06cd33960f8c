//! Converts schemas of OpenAPI 3.0 to JSON Schema, draft 2020-12.

use serde_json::{Map, Value, json};

/// The address of the document in the schemas' references.
pub(super) const DOCUMENT: &str = "urn:openapi";

/// Converts a schema whose references point into `document`:
///
/// - `nullable` becomes the type or form `null`, also beside a reference, where OpenAPI 3.0 ignores it;
/// - `exclusiveMinimum` and `exclusiveMaximum` become numbers;
/// - `additionalProperties: false` in the parts of an `allOf` moves to the whole, because otherwise no value could have
///   members of two parts;
/// - `oneOf` becomes `anyOf`: a value that has several of the forms is a fault of the description, not of the response.
pub(super) fn convert(schema: &Value, document: &Value) -> Value {
    let Value::Object(members) = schema else { return schema.clone() };
    let mut result = Map::new();
    let all = |schemas: &Value| -> Value {
        schemas.as_array().into_iter().flatten().map(|schema| convert(schema, document)).collect()
    };
    for (name, value) in members {
        match &**name {
            "properties" => {
                let properties = value.as_object().into_iter().flatten();
                let properties = properties.map(|(name, schema)| (name.clone(), convert(schema, document)));
                result.insert(name.clone(), properties.collect::<Map<_, _>>().into());
            }
            "items" | "additionalProperties" | "not" => {
                result.insert(name.clone(), convert(value, document));
            }
            "anyOf" | "oneOf" => {
                result.insert("anyOf".to_owned(), all(value));
            }
            "$ref" => {
                result.insert(name.clone(), format!("{DOCUMENT}{}", value.as_str().expect("a reference")).into());
            }
            // Handled below, or without a meaning for validation.
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
        add_all_of(parts, &mut result, document);
    }
    if members.get("nullable") == Some(&json!(true)) { make_nullable(result) } else { result.into() }
}

/// Adds the parts of an `allOf`.
fn add_all_of(parts: &[Value], result: &mut Map<String, Value>, document: &Value) {
    // A single part can stay closed, because there are no members of other parts.
    if parts.len() == 1 && !result.contains_key("properties") {
        result.insert("allOf".to_owned(), json!([convert(&parts[0], document)]));
        return;
    }
    let mut closed = result.remove("additionalProperties") == Some(json!(false));
    let parts: Value = parts.iter().map(|part| open(part, document, &mut closed)).collect();
    result.insert("allOf".to_owned(), parts);
    if closed {
        result.insert("unevaluatedProperties".to_owned(), json!(false));
    }
}

/// Converts a part of an `allOf`, without its reference, so that it allows other members; sets `closed` if it did not.
fn open(part: &Value, document: &Value, closed: &mut bool) -> Value {
    if let Some(reference) = part["$ref"].as_str() {
        return open(resolve(document, reference), document, closed);
    }
    let mut part = convert(part, document);
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

/// Allows `null` besides the schema.
fn make_nullable(mut schema: Map<String, Value>) -> Value {
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

/// The schema that a reference within the document points to.
pub(super) fn resolve<'d>(document: &'d Value, reference: &str) -> &'d Value {
    let found = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
    found.unwrap_or_else(|| panic!("{reference} does not exist"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn convert_replaces_the_keywords_of_openapi() {
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
            // A member may have the name of a keyword.
            (
                json!({"properties": {"nullable": {"type": "boolean"}, "enum": {"type": "array", "items": reference}}}),
                json!({"properties": {"nullable": {"type": "boolean"}, "enum": {"type": "array", "items": a}}}),
            ),
        ] {
            assert_eq!(convert(&given, &document), expected, "{given}");
        }
    }
}
