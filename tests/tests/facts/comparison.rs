//! Compares the objects of our crates with the schemas of a table, in both directions: fields, types, values of enums, and
//! what may be missing or null.

use std::collections::{BTreeMap, BTreeSet};

use clerk_api::clerk_types::{Shape, models};
use serde_json::Value;

use crate::{
    document::{Branch, Document},
    exceptions::EXCEPTIONS,
};

#[derive(Default)]
pub(crate) struct Comparison {
    pub(crate) differences: Vec<String>,
    pub(crate) parameters: usize,
    pub(crate) ranges: usize,
    /// The table's fields of each model. One model can stand for several schemas.
    fields: BTreeMap<&'static str, BTreeSet<String>>,
    known_fields: BTreeMap<&'static str, BTreeSet<&'static str>>,
    /// Whether each member of each model is required wherever the model is described.
    always_there: BTreeMap<(&'static str, &'static str), bool>,
    /// The table's values of each enum, by the enum's own list.
    choices: BTreeMap<&'static [&'static str], BTreeSet<String>>,
    used_exceptions: BTreeSet<&'static str>,
}

impl Comparison {
    pub(crate) fn report(&mut self, difference: String) {
        match EXCEPTIONS.iter().find(|(prefix, _)| difference.starts_with(prefix)) {
            Some((prefix, _)) => {
                self.used_exceptions.insert(prefix);
            }
            None => self.differences.push(difference),
        }
    }

    /// Checks that the schema matches the shape.
    pub(crate) fn shape(&mut self, document: &Document, at: &str, shape: Shape, schema: &Value) {
        let schema = document.resolve(schema);
        let kind = document.kind(&schema);
        match (shape, kind) {
            (Shape::Maybe(inner), _) => self.shape(document, at, *inner, &schema),
            (Shape::Model(info), "object" | "union") => {
                let info = info();
                let seen = self.fields.contains_key(info.name);
                let branches = document.branches(&schema);
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
                        let may_be_missing = !required.contains(name) || document.resolve(one)["nullable"] == true;
                        if may_be_missing && !matches!(member.shape, Shape::Maybe(_) | Shape::Any) {
                            self.report(format!("{here} may be missing or null"));
                        }
                        if new || !seen || at.len() < 400 {
                            self.shape(document, &here, member.shape, one);
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
            (Shape::List(item), "array") => self.shape(document, &format!("{at}[]"), *item, &schema["items"]),
            (Shape::Map, "object") if document.branches(&schema).iter().all(|one| one.properties.is_empty()) => {}
            (Shape::Any, "any")
            | (Shape::Flag, "boolean")
            | (Shape::Integer, "integer")
            | (Shape::Number | Shape::Integer, "number") => {}
            (shape, kind) => self.report(format!("{at} is {kind}, not {shape:?}")),
        }
    }

    /// Reports members that are always there, but whose field may be missing, and the other way round: for the objects that
    /// were compared so far.
    pub(crate) fn report_presence(&mut self) {
        for info in models() {
            if !self.fields.contains_key(info.name) {
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
    }

    /// Reports objects, fields, enum values and exceptions that no table has.
    pub(crate) fn report_unused(&mut self) {
        for info in models() {
            if !self.fields.contains_key(info.name) {
                self.report(format!("{} is not in the table", info.name));
            }
        }
        for (model, known) in std::mem::take(&mut self.known_fields) {
            let described = self.fields[model].clone();
            for name in known.iter().filter(|name| !described.contains(**name)) {
                self.report(format!("{model}.{name} is not in the table"));
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

    /// How much was compared.
    pub(crate) fn summary(&self) -> String {
        format!(
            "{} parameters with {} ranges, {} objects with {} fields, {} enums with {} values",
            self.parameters,
            self.ranges,
            self.fields.len(),
            self.fields.values().map(BTreeSet::len).sum::<usize>(),
            self.choices.len(),
            self.choices.values().map(BTreeSet::len).sum::<usize>(),
        )
    }
}
