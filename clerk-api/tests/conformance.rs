//! Whether the crate says of the API what Clerk's own description says. `CLERK_OPENAPI` names that file.
//!
//! Each operation, parameter, field of an answer and value of an enum is compared, in both directions. Calls are made from
//! the very descriptions that are compared here.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
};

use clerk_api::operation::{BodyKind, Operation, Place, Shape};
use serde_json::Value;

mod openapi;
use openapi::{Branch, Document};

/// Where the crate differs on purpose; an entry that is not needed any more fails.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("CreateInvitation: Body public_metadata: nullable", "in bulk alone, where leaving it out says the same"),
    ("CreateInvitation: Body redirect_url: nullable", "in bulk alone, where leaving it out says the same"),
    ("GetPublicInterstitial: answer", "HTML, which the description does not mention"),
];

#[test]
fn the_crate_says_what_the_description_says() {
    let Ok(path) = env::var("CLERK_OPENAPI") else {
        println!("skipped: CLERK_OPENAPI does not name Clerk's OpenAPI description of the Backend API");
        return;
    };
    let document = Document::parse(&fs::read_to_string(path).expect("CLERK_OPENAPI can be read"));
    let mut comparison = Comparison::new(&document);
    let described = document.operations();
    let ours: BTreeMap<_, _> = clerk_api::operations().map(|operation| (operation.id, operation)).collect();
    assert_eq!(ours.len(), clerk_api::operations().count(), "ids are unique");
    let mut covered = 0;
    let mut deprecated = 0;
    for (id, theirs) in &described {
        match ours.get(id.as_str()) {
            Some(operation) => {
                covered += 1;
                comparison.operation(operation, theirs, &ours);
            }
            None if theirs.json["deprecated"] == true => deprecated += 1,
            None => comparison.drift(format!("{id} has no method")),
        }
    }
    for id in ours.keys().filter(|id| !described.contains_key(**id)) {
        comparison.drift(format!("{id} is not in the description"));
    }
    comparison.nothing_is_left_over();
    println!(
        "operations covered {covered} of {}, {deprecated} deprecated ones left out; {} parameters, {} models with {} fields, {} enums with {} values compared",
        described.len(),
        comparison.parameters,
        comparison.fields.len(),
        comparison.fields.values().map(BTreeSet::len).sum::<usize>(),
        comparison.choices.len(),
        comparison.choices.values().map(BTreeSet::len).sum::<usize>(),
    );
    assert!(comparison.drifts.is_empty(), "{} differences:\n{}", comparison.drifts.len(), comparison.drifts.join("\n"));
    assert_eq!(covered + deprecated, described.len());
}

struct Comparison<'d> {
    document: &'d Document,
    drifts: Vec<String>,
    parameters: usize,
    /// The fields that the description has for each model; several schemas can be one model.
    fields: BTreeMap<&'static str, BTreeSet<String>>,
    known_fields: BTreeMap<&'static str, BTreeSet<&'static str>>,
    /// The values that it has for each enum, by the enum's own list.
    choices: BTreeMap<&'static [&'static str], BTreeSet<String>>,
    used_exceptions: BTreeSet<&'static str>,
}

impl<'d> Comparison<'d> {
    fn new(document: &'d Document) -> Self {
        Self {
            document,
            drifts: Vec::new(),
            parameters: 0,
            fields: BTreeMap::new(),
            known_fields: BTreeMap::new(),
            choices: BTreeMap::new(),
            used_exceptions: BTreeSet::new(),
        }
    }

    fn drift(&mut self, drift: String) {
        match EXCEPTIONS.iter().find(|(prefix, _)| drift.starts_with(prefix)) {
            Some((prefix, _)) => {
                self.used_exceptions.insert(prefix);
            }
            None => self.drifts.push(drift),
        }
    }

    fn operation(&mut self, ours: &Operation, theirs: &openapi::Described, all: &BTreeMap<&str, &Operation>) {
        let id = ours.id;
        if (ours.method.as_str(), ours.path) != (&*theirs.method, &*theirs.path) {
            self.drift(format!("{id} is {} {}", theirs.method, theirs.path));
        }
        let mut known = BTreeSet::new();
        for parameter in self.document.parameters(&theirs.json, "query") {
            let name = parameter["name"].as_str().expect("a name");
            known.insert((Place::Query as u8, name.to_owned()));
            let required = parameter["required"] == true;
            self.parameter(ours, Place::Query, name, &parameter["schema"], required);
        }
        let body = self.document.request_body(&theirs.json);
        let kind = match &body {
            None => BodyKind::None,
            Some((media_type, _)) if media_type.starts_with("multipart") => BodyKind::Upload,
            Some((_, schema)) if schema["type"] == "array" => match ours.body {
                BodyKind::Bulk(single) => BodyKind::Bulk(single),
                _ => BodyKind::Bulk("?"),
            },
            Some(_) => BodyKind::Object,
        };
        if ours.body != kind {
            self.drift(format!("{id}: the body is {kind:?}"));
        }
        if let Some((_, schema)) = &body {
            let (holder, schema) = match ours.body {
                // The items are what the other operation takes.
                BodyKind::Bulk(single) => (all[single], self.document.resolve(&schema["items"])),
                _ => (ours, schema.clone()),
            };
            for (name, one) in schema["properties"].as_object().into_iter().flatten() {
                known.insert((Place::Body as u8, name.clone()));
                let required = schema["required"].as_array().is_some_and(|list| list.contains(&Value::from(&**name)));
                self.parameter(holder, Place::Body, name, one, required || one["format"] == "binary");
            }
            for parameter in holder.parameters.iter().filter(|parameter| parameter.place == Place::Body) {
                if !known.contains(&(Place::Body as u8, parameter.name.to_owned())) {
                    self.drift(format!("{id}: no body parameter {}", parameter.name));
                }
            }
        }
        for parameter in ours.parameters {
            if !known.contains(&(parameter.place as u8, parameter.name.to_owned())) {
                self.drift(format!("{id}: no parameter {}", parameter.name));
            }
        }
        match self.document.answer(&theirs.json) {
            None if matches!(ours.response, Shape::Nothing) => {}
            None => self.drift(format!("{id}: answer: nothing is described")),
            Some(schema) => self.answer(&format!("{id}: answer"), ours.response, &schema),
        }
    }

    fn parameter(&mut self, ours: &Operation, place: Place, name: &str, schema: &Value, required: bool) {
        self.parameters += 1;
        let at = format!("{}: {place:?} {name}", ours.id);
        let Some(parameter) = ours.parameters.iter().find(|one| one.place == place && one.name == name) else {
            return self.drift(format!("{at} is missing"));
        };
        if parameter.required != required {
            self.drift(format!("{at}: required is {required}"));
        }
        let schema = self.document.resolve(schema);
        let shape = match (parameter.shape, schema["nullable"] == true) {
            (Shape::Maybe(inner), true) => *inner,
            (shape, false) if !matches!(shape, Shape::Maybe(_)) => shape,
            (shape, nullable) => {
                self.drift(format!("{at}: nullable is {nullable}"));
                shape
            }
        };
        match (shape, self.document.kind(&schema)) {
            (Shape::Any, "object" | "any" | "union") => {}
            (Shape::Any, "array") if self.document.kind(&schema["items"]) == "object" => {}
            (Shape::File, "string") if schema["format"] == "binary" => {}
            _ => self.shape(&at, shape, &schema),
        }
    }

    fn answer(&mut self, at: &str, shape: Shape, schema: &Value) {
        let Shape::Page(item) = shape else { return self.shape(at, shape, schema) };
        let list = ["data", "m2m_tokens"].iter().map(|name| &schema["properties"][*name]).find(|list| !list.is_null());
        let list = self.document.resolve(list.unwrap_or(schema));
        if list["type"] != "array" {
            return self.drift(format!("{at} is no list"));
        }
        self.shape(&format!("{at}[]"), *item, &list["items"]);
    }

    /// Whether a value that the schema describes fits the shape.
    fn shape(&mut self, at: &str, shape: Shape, schema: &Value) {
        let schema = self.document.resolve(schema);
        let kind = self.document.kind(&schema);
        match (shape, kind) {
            (Shape::Maybe(inner), _) => self.shape(at, *inner, &schema),
            (Shape::Model(info), "object" | "union") => {
                let info = info();
                let seen = self.fields.contains_key(info.name);
                let branches = self.document.branches(&schema);
                self.known_fields.insert(info.name, info.fields.iter().map(|(name, _)| *name).collect());
                for Branch { properties, required } in &branches {
                    for (name, one) in properties {
                        let here = format!("{at}.{name}");
                        let new = self.fields.entry(info.name).or_default().insert(name.clone());
                        let Some((_, shape)) = info.fields.iter().find(|(known, _)| known == name) else {
                            self.drift(format!("{here} is not in {}", info.name));
                            continue;
                        };
                        let may_be_missing = !required.contains(name) || self.document.resolve(one)["nullable"] == true;
                        if may_be_missing && !matches!(shape, Shape::Maybe(_) | Shape::Any) {
                            self.drift(format!("{here} may be missing or null"));
                        }
                        if new || !seen || at.len() < 400 {
                            self.shape(&here, *shape, one);
                        }
                    }
                }
            }
            (Shape::Choice(values), "string") if schema["enum"].is_array() => {
                let seen = self.choices.entry(values()).or_default();
                let described = schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
                let described: Vec<_> = described.map(str::to_owned).collect();
                seen.extend(described.iter().cloned());
                let missing: Vec<_> = described.iter().filter(|value| !values().contains(&&***value)).collect();
                if !missing.is_empty() {
                    self.drift(format!("{at} can be {missing:?}"));
                }
            }
            // Another schema of the same model has a list of values, this one has none.
            (Shape::Choice(_), "string") => {}
            (Shape::Text, "string") => {
                // A list of one is a constant.
                if schema["enum"].as_array().is_some_and(|values| values.len() > 1) && !at.ends_with(".object") {
                    self.drift(format!("{at} is one of {}", schema["enum"]));
                }
            }
            (Shape::List(item), "array") => self.shape(&format!("{at}[]"), *item, &schema["items"]),
            (Shape::Map, "object") if self.document.branches(&schema).iter().all(|one| one.properties.is_empty()) => {}
            (Shape::Any, "any")
            | (Shape::Flag, "boolean")
            | (Shape::Integer, "integer")
            | (Shape::Number | Shape::Integer, "number") => {}
            (shape, kind) => self.drift(format!("{at} is {kind}, not {shape:?}")),
        }
    }

    /// Fields, values and exceptions that no schema asked for.
    fn nothing_is_left_over(&mut self) {
        for (model, known) in std::mem::take(&mut self.known_fields) {
            for name in known.iter().filter(|name| !self.fields[model].contains(**name)) {
                self.drifts.push(format!("{model}.{name} is not in the description"));
            }
        }
        for (values, seen) in &self.choices {
            for value in values.iter().filter(|value| !seen.contains(**value)) {
                self.drifts.push(format!("no enum has the value {value:?} of {values:?}"));
            }
        }
        for (exception, _) in EXCEPTIONS.iter().filter(|(prefix, _)| !self.used_exceptions.contains(prefix)) {
            self.drifts.push(format!("the exception {exception:?} is not needed"));
        }
    }
}
