//! Reads a table of facts in `parity/facts` as the OpenAPI document from which it was made, without the document's texts.
//! `parity/README.md` explains the tables.

use std::{env, fs, path::PathBuf};

use serde_json::{Map, Value, json};

/// One of Clerk's descriptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    Backend,
    Frontend,
    Webhooks,
}

/// A line, and what stands below it.
struct Line<'t> {
    words: Vec<&'t str>,
    below: Vec<Line<'t>>,
}

impl Api {
    /// The facts of the committed table, or of the one that `CLERK_FACTS` names, if that is of the same API.
    ///
    /// # Panics
    /// If there is no such table, or more than one.
    pub fn facts(self) -> Value {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
        let start = format!("api {} ", format!("{self:?}").to_lowercase());
        let read = |path: PathBuf| fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        let named = env::var_os("CLERK_FACTS").map(|path| read(root.join(path)));
        if let Some(table) = named {
            assert!(table.starts_with("api "), "CLERK_FACTS is no table of facts");
            if table.starts_with(&start) {
                return parse(&table);
            }
        }
        let committed = fs::read_dir(root.join("parity/facts")).unwrap().map(|entry| read(entry.unwrap().path()));
        let tables: Vec<String> = committed.filter(|table| table.starts_with(&start)).collect();
        let [table] = &tables[..] else { panic!("parity/facts has {} tables of {self:?}", tables.len()) };
        parse(table)
    }
}

/// Reads a table.
///
/// # Panics
/// If a line is not as `parity/README.md` says.
pub fn parse(table: &str) -> Value {
    let mut lines = table.lines().peekable();
    let mut document = json!({ "components": { "schemas": {} } });
    for Line { words, below } in read_below(&mut lines, 0) {
        match &words[..] {
            ["api", _, version] => document["info"]["version"] = (*version).into(),
            ["source", _] => {}
            ["operation", method, path, id, flags @ ..] => {
                let mut operation = read_operation(&below);
                operation["operationId"] = (*id).into();
                operation["deprecated"] = (flags == ["deprecated"]).into();
                document["paths"][path][method.to_lowercase()] = operation;
            }
            ["event", name, schema @ ..] => {
                let content = json!({ "application/json": { "schema": read_schema(schema, &below) } });
                document["x-webhooks"][name]["post"]["requestBody"]["content"] = content;
            }
            ["schema", name, schema @ ..] => {
                document["components"]["schemas"][name] = read_schema(schema, &below);
            }
            other => panic!("a line {other:?}"),
        }
    }
    document
}

/// Reads the lines that are indented by `depth` steps, with all that stands below each.
fn read_below<'t>(lines: &mut std::iter::Peekable<std::str::Lines<'t>>, depth: usize) -> Vec<Line<'t>> {
    let mut found = Vec::new();
    while let Some(line) = lines.next_if(|line| line.len() - line.trim_start().len() == 2 * depth) {
        let words = line.trim_start().split(' ').collect();
        found.push(Line { words, below: read_below(lines, depth + 1) });
    }
    found
}

fn read_operation(lines: &[Line<'_>]) -> Value {
    let mut operation = json!({ "parameters": [], "responses": {} });
    for Line { words, below } in lines {
        match &words[..] {
            [place @ ("path" | "query" | "header" | "cookie"), name, schema @ ..] => {
                let (name, required) = split_required(name);
                let schema = read_schema(schema, below);
                let parameter = json!({ "in": place, "name": name, "required": required, "schema": schema });
                operation["parameters"].as_array_mut().unwrap().push(parameter);
            }
            [body @ ("body" | "body!"), media_type, schema @ ..] => {
                operation["requestBody"]["required"] = split_required(body).1.into();
                operation["requestBody"]["content"][media_type]["schema"] = read_schema(schema, below);
            }
            [status] => operation["responses"][status] = json!({}),
            [status, media_type, schema @ ..] => {
                operation["responses"][status]["content"][media_type]["schema"] = read_schema(schema, below);
            }
            [] => unreachable!("a line has a word"),
        }
    }
    operation
}

fn read_schema(words: &[&str], lines: &[Line<'_>]) -> Value {
    let mut schema = Map::new();
    for (index, word) in words.iter().enumerate() {
        let (name, value) = match (index, *word) {
            (_, "any") => continue,
            (_, "null") => ("nullable", true.into()),
            (_, "closed") => ("additionalProperties", false.into()),
            (_, "open") => ("additionalProperties", true.into()),
            (_, "deprecated") => ("deprecated", true.into()),
            (_, word) if word.starts_with('@') => ("$ref", format!("#/components/schemas/{}", &word[1..]).into()),
            (_, word) if word.contains('=') => {
                let (name, value) = word.split_once('=').unwrap();
                (name, serde_json::from_str(value).unwrap_or_else(|error| panic!("{word}: {error}")))
            }
            (0, "array" | "boolean" | "integer" | "number" | "object" | "string") => ("type", (*word).into()),
            _ => panic!("a type {words:?}"),
        };
        schema.insert(name.to_owned(), value);
    }
    let mut schema = Value::Object(schema);
    for Line { words, below } in lines {
        let (key, rest) = words.split_first().unwrap();
        match *key {
            "[]" => schema["items"] = read_schema(rest, below),
            "*" => schema["additionalProperties"] = read_schema(rest, below),
            "&" => push(&mut schema["allOf"], read_schema(rest, below)),
            "|" => push(&mut schema["oneOf"], read_schema(rest, below)),
            "?" => push(&mut schema["anyOf"], read_schema(rest, below)),
            key => {
                let (name, required) = split_required(key.strip_prefix('.').unwrap_or_else(|| panic!("a part {key}")));
                if required {
                    push(&mut schema["required"], name.into());
                }
                if !rest.is_empty() {
                    schema["properties"][name] = read_schema(rest, below);
                }
            }
        }
    }
    schema
}

fn push(list: &mut Value, value: Value) {
    match list {
        Value::Array(list) => list.push(value),
        other => *other = json!([value]),
    }
}

fn split_required(name: &str) -> (&str, bool) {
    name.strip_suffix('!').map_or((name, false), |name| (name, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_becomes_a_document() {
        let table = r#"api backend 2026-05-12
source sha256:00
operation POST /users/{id} UpdateUser deprecated
  path id! string
  query limit integer null minimum=1
  body! application/json object closed
    .name string enum=["a\u0020b","c"]
  200 application/json @User
  204
schema User any null
  & @Base
  & object open
    .tags! array
      [] string deprecated
    .only_required!
  * integer
"#;
        let expected = json!({
            "info": { "version": "2026-05-12" },
            "paths": { "/users/{id}": { "post": {
                "operationId": "UpdateUser",
                "deprecated": true,
                "parameters": [
                    { "in": "path", "name": "id", "required": true, "schema": { "type": "string" } },
                    {
                        "in": "query", "name": "limit", "required": false,
                        "schema": { "type": "integer", "nullable": true, "minimum": 1 },
                    },
                ],
                "requestBody": { "required": true, "content": { "application/json": { "schema": {
                    "type": "object",
                    "additionalProperties": false,
                    "properties": { "name": { "type": "string", "enum": ["a b", "c"] } },
                } } } },
                "responses": {
                    "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/User" } } } },
                    "204": {},
                },
            } } },
            "components": { "schemas": { "User": {
                "nullable": true,
                "allOf": [
                    { "$ref": "#/components/schemas/Base" },
                    {
                        "type": "object",
                        "additionalProperties": true,
                        "required": ["tags", "only_required"],
                        "properties": {
                            "tags": { "type": "array", "items": { "type": "string", "deprecated": true } },
                        },
                    },
                ],
                "additionalProperties": { "type": "integer" },
            } } },
        });
        assert_eq!(parse(table), expected);
    }

    #[test]
    #[should_panic(expected = "a type [\"string\", \"with\", \"a\", \"sentence\"]")]
    fn a_sentence_is_no_fact() {
        parse("schema User object\n  .id! string with a sentence");
    }
}
