//! [`Description`]: the operations of an OpenAPI document, found by concrete paths.

use serde_json::{Map, Value, json};

use super::schema::{converted, pointed_at};

const METHODS: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/// An OpenAPI document.
pub(super) struct Description {
    document: Value,
    prefix: &'static str,
    operations: Vec<Operation>,
}

pub(super) struct Operation {
    pub(super) id: String,
    pub(super) method: String,
    /// `/users/{user_id}` for example.
    pub(super) template: String,
    answers: Map<String, Value>,
}

/// What is said of an answer's body.
pub(super) enum Described {
    Nothing,
    AnotherMediaType,
    /// With this schema, as JSON Schema has it.
    Json(Value),
}

impl Description {
    pub(super) fn new(document: Value, prefix: &'static str) -> Self {
        let paths = document["paths"].as_object().expect("paths");
        let operations = paths.iter().flat_map(|(template, item)| {
            item.as_object().into_iter().flatten().filter_map(move |(method, operation)| {
                let method = method.to_ascii_uppercase();
                let id = operation["operationId"].as_str().unwrap_or(template).to_owned();
                let answers = operation["responses"].as_object().cloned().unwrap_or_default();
                let known = METHODS.contains(&&*method);
                known.then(|| Operation { id, method, template: template.clone(), answers })
            })
        });
        let operations = operations.collect();
        Self { document, prefix, operations }
    }

    /// The document's schemas, as JSON Schema has them.
    pub(super) fn schemas(&self) -> Value {
        let schemas = self.document["components"]["schemas"].as_object().into_iter().flatten();
        let schemas: Map<_, _> =
            schemas.map(|(name, schema)| (name.clone(), converted(schema, &self.document))).collect();
        json!({ "components": { "schemas": schemas } })
    }

    pub(super) fn len(&self) -> usize {
        self.operations.len()
    }

    pub(super) fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.operations.iter()
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.operations().map(|operation| &*operation.id)
    }

    /// The operation that a request is for; where several fit, the one that says most of the path itself.
    pub(super) fn find(&self, method: &str, path: &str) -> Option<(usize, &Operation)> {
        let path = path.strip_prefix(self.prefix).filter(|rest| rest.starts_with('/')).unwrap_or(path);
        let fitting = self.operations().enumerate().filter(|(_, one)| one.method == method && one.fits(path));
        fitting.min_by_key(|(_, operation)| operation.template.matches('{').count())
    }

    /// What is said of an answer with this status.
    pub(super) fn answer(&self, operation: &Operation, status: u16) -> Option<Described> {
        let class = format!("{}XX", status / 100);
        let answer = [&*status.to_string(), &class, "default"].iter().find_map(|key| operation.answers.get(*key))?;
        let answer = answer["$ref"].as_str().map_or(answer, |reference| pointed_at(&self.document, reference));
        let content = answer["content"].as_object().filter(|content| !content.is_empty());
        Some(match content {
            None => Described::Nothing,
            Some(content) => match content.iter().find(|(media_type, _)| media_type.starts_with("application/json")) {
                None => Described::AnotherMediaType,
                Some((_, content)) => Described::Json(converted(&content["schema"], &self.document)),
            },
        })
    }
}

impl Operation {
    pub(super) fn statuses(&self) -> impl Iterator<Item = &str> {
        self.answers.keys().map(String::as_str)
    }

    fn fits(&self, path: &str) -> bool {
        let (mut template, mut path) = (self.template.split('/'), path.split('/'));
        loop {
            match (template.next(), path.next()) {
                (None, None) => return true,
                (Some(expected), Some(given)) if segment_fits(expected, given) => {}
                _ => return false,
            }
        }
    }
}

/// Whether a segment of a path fits that of a template, in which a parameter may have text around it.
fn segment_fits(expected: &str, given: &str) -> bool {
    match expected.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?.1))) {
        None => expected == given,
        Some((before, after)) => given
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after))
            .is_some_and(|parameter| !parameter.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(method: &str, path: &str) -> Option<String> {
        let operation = |id: &str| json!({"operationId": id, "responses": {}});
        let document = json!({"paths": {
            "/v1/{strategy}/{id}": {"get": operation("general"), "parameters": []},
            "/v1/users/{id}": {"get": operation("user")},
            "/v1/users/count": {"get": operation("count"), "post": operation("recount")},
            "/v1/oauth_{provider}": {"get": operation("provider")},
        }});
        Description::new(document, "").find(method, path).map(|(_, operation)| operation.id.clone())
    }

    #[test]
    fn the_most_exact_operation_is_found() {
        for (method, path, id) in [
            ("GET", "/v1/users/count", Some("count")),
            ("POST", "/v1/users/count", Some("recount")),
            ("GET", "/v1/users/user_1", Some("user")),
            ("GET", "/v1/other/user_1", Some("general")),
            ("GET", "/v1/oauth_google", Some("provider")),
            ("GET", "/v1/oauth_", None),
            ("PUT", "/v1/users/count", None),
            ("GET", "/v1/users/", None),
            ("GET", "/v1/users", None),
            ("GET", "/v1/users/a/b", None),
            ("GET", "", None),
        ] {
            assert_eq!(find(method, path).as_deref(), id, "{method} {path}");
        }
    }
}
