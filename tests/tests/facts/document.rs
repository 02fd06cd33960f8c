//! [`Document`]: operations, events and objects of a table of facts.

use std::collections::{BTreeMap, BTreeSet};

use clerk_tests::openapi::facts::Api;
use serde_json::{Map, Value};

pub(crate) struct Document(Value);

pub(crate) struct Described {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) json: Value,
}

/// One of the forms that an object may have.
pub(crate) struct Branch {
    pub(crate) properties: Map<String, Value>,
    pub(crate) required: BTreeSet<String>,
}

impl Document {
    pub(crate) fn of(api: Api) -> Self {
        Self(api.facts())
    }

    pub(crate) fn operations(&self) -> BTreeMap<String, Described> {
        let paths = self.0["paths"].as_object().expect("paths");
        let all = paths.iter().flat_map(|(path, item)| {
            item.as_object().into_iter().flatten().map(move |(method, json)| {
                let id = json["operationId"].as_str().expect("an operationId").to_owned();
                (id, Described { method: method.to_uppercase(), path: path.clone(), json: json.clone() })
            })
        });
        all.collect()
    }

    /// The schemas of the webhooks, by event type.
    pub(crate) fn events(&self) -> impl Iterator<Item = (&str, &Value)> {
        let events = self.0["x-webhooks"].as_object().expect("events");
        events
            .iter()
            .map(|(name, event)| (&**name, &event["post"]["requestBody"]["content"]["application/json"]["schema"]))
    }

    /// Follows references; an `allOf` with one schema becomes that schema.
    pub(crate) fn resolve(&self, json: &Value) -> Value {
        if let Some(reference) = json["$ref"].as_str() {
            let found = self.0.pointer(reference.trim_start_matches('#')).expect("a valid reference");
            return self.resolve(found);
        }
        match json["allOf"].as_array().map(Vec::as_slice) {
            Some([single]) if json["properties"].is_null() => {
                let mut resolved = self.resolve(single);
                if json["nullable"] == true {
                    resolved["nullable"] = true.into();
                }
                resolved
            }
            _ => json.clone(),
        }
    }

    pub(crate) fn parameters(&self, operation: &Value, place: &str) -> Vec<Value> {
        let all = operation["parameters"].as_array().into_iter().flatten().map(|one| self.resolve(one));
        all.filter(|one| one["in"] == place).collect()
    }

    pub(crate) fn request_body(&self, operation: &Value) -> Option<(String, Value)> {
        let body = self.resolve(&operation["requestBody"]);
        let (media_type, content) = body["content"].as_object()?.iter().next()?;
        Some((media_type.clone(), self.resolve(&content["schema"])))
    }

    /// The schema of the successful response.
    pub(crate) fn response(&self, operation: &Value) -> Option<Value> {
        let responses = operation["responses"].as_object()?;
        let (_, response) = responses.iter().find(|(status, _)| status.starts_with('2'))?;
        let response = self.resolve(response);
        let (_, content) = response["content"].as_object()?.iter().next()?;
        Some(self.resolve(&content["schema"]))
    }

    pub(crate) fn kind(&self, schema: &Value) -> &'static str {
        let schema = self.resolve(schema);
        let has_branches = ["oneOf", "anyOf", "allOf"].iter().any(|name| schema[*name].is_array());
        match schema["type"].as_str() {
            _ if has_branches => "union",
            Some("array") => "array",
            Some("boolean") => "boolean",
            Some("integer") => "integer",
            Some("number") => "number",
            Some("object") => "object",
            Some("string") => "string",
            Some(other) => panic!("a type {other}"),
            None if schema["properties"].is_object() => "object",
            None => "any",
        }
    }

    /// All forms that an object may have.
    pub(crate) fn branches(&self, schema: &Value) -> Vec<Branch> {
        let schema = self.resolve(schema);
        let list = |name: &str| schema[name].as_array().cloned();
        let properties = schema["properties"].as_object().cloned().unwrap_or_default();
        let required = list("required").into_iter().flatten().filter_map(|name| Some(name.as_str()?.to_owned()));
        let mut own = Branch { properties, required: required.collect() };
        for part in list("allOf").into_iter().flatten().flat_map(|part| self.branches(&part)) {
            own.properties.extend(part.properties);
            own.required.extend(part.required);
        }
        let parts = list("oneOf").or_else(|| list("anyOf")).unwrap_or_default();
        let mut branches: Vec<_> = parts.iter().flat_map(|part| self.branches(part)).collect();
        // Some branches only list which of the common properties are required.
        branches.retain(|branch| !branch.properties.is_empty());
        if branches.is_empty() {
            return vec![own];
        }
        for branch in &mut branches {
            branch.properties.extend(own.properties.clone());
            branch.required.extend(own.required.clone());
        }
        branches
    }
}
