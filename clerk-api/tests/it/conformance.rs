//! Compares this crate's operations with Clerk's OpenAPI description. `CLERK_OPENAPI` is the path of that description.
//!
//! Each operation, parameter, response field and enum value is compared, in both directions. Calls are built from the
//! same `Operation` values that are compared here.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
};

use clerk_api::{
    clerk_types::Shape,
    operation::{BodyKind, Operation, Place},
};
use serde_json::Value;

use crate::openapi::{Branch, Described, Document};

/// What `@clerk/backend` 3.25 has, and the description does not.
const NOT_YET_DESCRIBED: &str = "in Clerk's own SDK";

/// What Clerk's description of webhooks has, whose objects are the same types.
const IN_WEBHOOKS: &str = "only in webhooks";

/// Intended differences. An exception that is no longer needed fails the test.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("CreateInvitation: Body public_metadata: nullable", "only in bulk, where leaving it out means the same"),
    ("CreateInvitation: Body redirect_url: nullable", "only in bulk, where leaving it out means the same"),
    ("CreateEmail is not in the description", NOT_YET_DESCRIBED),
    ("CreateEmailBatch is not in the description", NOT_YET_DESCRIBED),
    ("CreateUser: no body parameter timezone", NOT_YET_DESCRIBED),
    ("CreateUser: no parameter timezone", NOT_YET_DESCRIBED),
    ("DeleteInvitation is not in the description", NOT_YET_DESCRIBED),
    ("EnterpriseConnection.authenticatable", NOT_YET_DESCRIBED),
    ("EnterpriseConnection.disable_jit_provisioning", NOT_YET_DESCRIBED),
    ("EnterpriseConnectionSamlConnection.idp_certificate is", NOT_YET_DESCRIBED),
    ("EnterpriseConnectionSamlConnection.idp_certificates is", NOT_YET_DESCRIBED),
    ("GetEmail is not in the description", NOT_YET_DESCRIBED),
    ("GetPublicInterstitial: response", "HTML, which the description does not mention"),
    ("OAuthAccessToken.act", NOT_YET_DESCRIBED),
    ("OrganizationInvitation.data is", IN_WEBHOOKS),
    ("OrganizationInvitation.user_id is", IN_WEBHOOKS),
    ("Payer.instance_id is required", "missing in webhooks"),
    ("Payer.object is required", "missing in webhooks"),
    ("Session.user is", IN_WEBHOOKS),
    ("UpdateUser: no body parameter timezone", NOT_YET_DESCRIBED),
    ("UpdateUser: no parameter timezone", NOT_YET_DESCRIBED),
    ("User.timezone", NOT_YET_DESCRIBED),
];

#[test]
fn all_operations_match_the_description() {
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
            None => comparison.report(format!("{id} has no method")),
        }
    }
    for id in ours.keys().filter(|id| !described.contains_key(**id)) {
        comparison.report(format!("{id} is not in the description"));
    }
    comparison.report_unused();
    println!(
        "operations covered {covered} of {}, {deprecated} deprecated ones left out; {} parameters with {} ranges, {} models with {} fields, {} enums with {} values compared",
        described.len(),
        comparison.parameters,
        comparison.ranges,
        comparison.fields.len(),
        comparison.fields.values().map(BTreeSet::len).sum::<usize>(),
        comparison.choices.len(),
        comparison.choices.values().map(BTreeSet::len).sum::<usize>(),
    );
    assert!(
        comparison.differences.is_empty(),
        "{} differences:\n{}",
        comparison.differences.len(),
        comparison.differences.join("\n")
    );
    assert_eq!(covered + deprecated, described.len());
}

struct Comparison<'d> {
    document: &'d Document,
    differences: Vec<String>,
    parameters: usize,
    ranges: usize,
    /// The description's fields of each model. One model can stand for several schemas.
    fields: BTreeMap<&'static str, BTreeSet<String>>,
    known_fields: BTreeMap<&'static str, BTreeSet<&'static str>>,
    /// Whether each member of each model is required wherever the model is described.
    always_there: BTreeMap<(&'static str, &'static str), bool>,
    /// The description's values of each enum, by the enum's own list.
    choices: BTreeMap<&'static [&'static str], BTreeSet<String>>,
    used_exceptions: BTreeSet<&'static str>,
}

impl<'d> Comparison<'d> {
    fn new(document: &'d Document) -> Self {
        Self {
            document,
            differences: Vec::new(),
            parameters: 0,
            ranges: 0,
            fields: BTreeMap::new(),
            known_fields: BTreeMap::new(),
            always_there: BTreeMap::new(),
            choices: BTreeMap::new(),
            used_exceptions: BTreeSet::new(),
        }
    }

    fn report(&mut self, difference: String) {
        match EXCEPTIONS.iter().find(|(prefix, _)| difference.starts_with(prefix)) {
            Some((prefix, _)) => {
                self.used_exceptions.insert(prefix);
            }
            None => self.differences.push(difference),
        }
    }

    fn operation(&mut self, ours: &Operation, theirs: &Described, all: &BTreeMap<&str, &Operation>) {
        let id = ours.id;
        if (ours.method.as_str(), ours.path) != (&*theirs.method, &*theirs.path) {
            self.report(format!("{id} is {} {}", theirs.method, theirs.path));
        }
        let mut known = BTreeSet::new();
        for parameter in self.document.parameters(&theirs.json, "query") {
            let name = parameter["name"].as_str().expect("a name");
            known.insert((Place::Query as u8, name.to_owned()));
            let required = parameter["required"] == true;
            let description = parameter["description"].as_str().unwrap_or_default();
            self.parameter(ours, Place::Query, name, (&parameter["schema"], description), required);
        }
        let body = self.document.request_body(&theirs.json);
        let is_as_described = match (&body, ours.body) {
            (None, body) => body == BodyKind::None,
            (Some((media_type, _)), body) if media_type.starts_with("multipart") => body == BodyKind::Upload,
            (Some((_, schema)), BodyKind::Bulk { range, .. }) => {
                schema["type"] == "array" && described_range(schema, "").as_deref() == Some(range.text)
            }
            (Some((_, schema)), body) => body == BodyKind::Object && schema["type"] != "array",
        };
        if !is_as_described {
            self.report(format!("{id}: the body is not {:?}", ours.body));
        }
        if let Some((_, schema)) = &body {
            let (holder, schema) = match ours.body {
                // The items are bodies of the other operation.
                BodyKind::Bulk { of, .. } => (all[of], self.document.resolve(&schema["items"])),
                _ => (ours, schema.clone()),
            };
            for (name, one) in schema["properties"].as_object().into_iter().flatten() {
                known.insert((Place::Body as u8, name.clone()));
                let required = schema["required"].as_array().is_some_and(|list| list.contains(&Value::from(&**name)));
                let description = one["description"].as_str().unwrap_or_default();
                let required = required || one["format"] == "binary";
                self.parameter(holder, Place::Body, name, (one, description), required);
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
        match self.document.response(&theirs.json) {
            None if matches!(ours.response, Shape::Nothing) => {}
            None => self.report(format!("{id}: response: nothing is described")),
            Some(schema) => self.response(&format!("{id}: response"), ours.response, &schema),
        }
    }

    fn parameter(
        &mut self,
        ours: &Operation,
        place: Place,
        name: &str,
        (schema, description): (&Value, &str),
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
        let schema = self.document.resolve(schema);
        let range = described_range(&schema, description);
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
        match (shape, self.document.kind(&schema)) {
            (Shape::Any, "object" | "any" | "union") => {}
            (Shape::Any, "array") if self.document.kind(&schema["items"]) == "object" => {}
            (Shape::File, "string") if schema["format"] == "binary" => {}
            _ => self.shape(&at, shape, &schema),
        }
    }

    fn response(&mut self, at: &str, shape: Shape, schema: &Value) {
        let Shape::Page(item) = shape else { return self.shape(at, shape, schema) };
        let list = ["data", "m2m_tokens"].iter().map(|name| &schema["properties"][*name]).find(|list| !list.is_null());
        let list = self.document.resolve(list.unwrap_or(schema));
        if list["type"] != "array" {
            return self.report(format!("{at} is not a list"));
        }
        self.shape(&format!("{at}[]"), *item, &list["items"]);
    }

    /// Checks that the schema matches the shape.
    fn shape(&mut self, at: &str, shape: Shape, schema: &Value) {
        let schema = self.document.resolve(schema);
        let kind = self.document.kind(&schema);
        match (shape, kind) {
            (Shape::Maybe(inner), _) => self.shape(at, *inner, &schema),
            (Shape::Model(info), "object" | "union") => {
                let info = info();
                let seen = self.fields.contains_key(info.name);
                let branches = self.document.branches(&schema);
                self.known_fields.insert(info.name, info.members.iter().map(|member| member.name).collect());
                for member in info.members {
                    let is_always_there = branches.iter().all(|branch| branch.required.contains(member.name));
                    *self.always_there.entry((info.name, member.name)).or_insert(true) &= is_always_there;
                }
                for Branch { properties, required } in &branches {
                    for (name, one) in properties {
                        let here = format!("{at}.{name}");
                        let new = self.fields.entry(info.name).or_default().insert(name.clone());
                        let Some(member) = info.member(name) else {
                            self.report(format!("{here} is not in {}", info.name));
                            continue;
                        };
                        let may_be_missing = !required.contains(name) || self.document.resolve(one)["nullable"] == true;
                        if may_be_missing && !matches!(member.shape, Shape::Maybe(_) | Shape::Any) {
                            self.report(format!("{here} may be missing or null"));
                        }
                        if new || !seen || at.len() < 400 {
                            self.shape(&here, member.shape, one);
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
                    self.report(format!("{at} can be {missing:?}"));
                }
            }
            // Another schema of the same model lists the values; this one does not.
            (Shape::Choice(_), "string") => {}
            (Shape::Text, "string") => {
                // An enum with one value is a constant.
                if schema["enum"].as_array().is_some_and(|values| values.len() > 1) && !at.ends_with(".object") {
                    self.report(format!("{at} is one of {}", schema["enum"]));
                }
            }
            (Shape::List(item), "array") => self.shape(&format!("{at}[]"), *item, &schema["items"]),
            (Shape::Map, "object") if self.document.branches(&schema).iter().all(|one| one.properties.is_empty()) => {}
            (Shape::Any, "any")
            | (Shape::Flag, "boolean")
            | (Shape::Integer, "integer")
            | (Shape::Number | Shape::Integer, "number") => {}
            (shape, kind) => self.report(format!("{at} is {kind}, not {shape:?}")),
        }
    }

    /// Reports fields, enum values and exceptions that are not in the description.
    fn report_unused(&mut self) {
        for info in clerk_api::clerk_types::models() {
            if !self.known_fields.contains_key(info.name) {
                continue;
            }
            for member in info.members.iter().filter(|member| matches!(member.shape, Shape::Maybe(_))) {
                let is_always_there = self.always_there[&(info.name, member.name)];
                if is_always_there == member.may_be_missing {
                    let at = format!("{}.{}", info.name, member.name);
                    self.report(format!("{at} {}", if is_always_there { "is required" } else { "may be missing" }));
                }
            }
        }
        for (model, known) in std::mem::take(&mut self.known_fields) {
            let described = self.fields[model].clone();
            for name in known.iter().filter(|name| !described.contains(**name)) {
                self.report(format!("{model}.{name} is not in the description"));
            }
        }
        for (values, seen) in &self.choices {
            for value in values.iter().filter(|value| !seen.contains(**value)) {
                self.differences.push(format!("no enum has the value {value:?} of {values:?}"));
            }
        }
        for (exception, _) in EXCEPTIONS.iter().filter(|(prefix, _)| !self.used_exceptions.contains(prefix)) {
            self.differences.push(format!("the exception {exception:?} is not needed"));
        }
    }
}

/// The range of a parameter's value as [`Range`](clerk_api::operation::Range) writes it, from the schema or, for the
/// length of a list, from the text. Patterns are not compared.
fn described_range(schema: &Value, description: &str) -> Option<String> {
    let number = |name: &str| schema[name].as_i64();
    let (min, max, unit) = match schema["type"].as_str()? {
        "string" => (number("minLength"), number("maxLength"), " characters"),
        "array" => {
            let words: Vec<_> = description.split_whitespace().collect();
            let most = words.windows(3).find_map(|three| match three {
                ["up", "to", number] | ["more", "than", number] => number.parse().ok(),
                _ => None,
            });
            let least = description.contains("at least one").then_some(1);
            (number("minItems").or(least), number("maxItems").or(most), " items")
        }
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
