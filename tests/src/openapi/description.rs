//! [`Description`]: the operations of an OpenAPI document, which are found by method and path.

use serde_json::{Map, Value, json};

use super::schema::{convert, resolve};

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
    /// For example `/users/{user_id}`.
    pub(super) template: String,
    responses: Map<String, Value>,
}

/// The described body of a response.
pub(super) enum DescribedBody {
    Nothing,
    AnotherMediaType,
    /// JSON with this schema, converted to JSON Schema.
    Json(Value),
}

impl Description {
    pub(super) fn new(document: Value, prefix: &'static str) -> Self {
        let paths = document["paths"].as_object().expect("paths");
        let operations = paths.iter().flat_map(|(template, item)| {
            item.as_object().into_iter().flatten().filter_map(move |(method, operation)| {
                let method = method.to_ascii_uppercase();
                let id = operation["operationId"].as_str().unwrap_or(template).to_owned();
                let responses = operation["responses"].as_object().cloned().unwrap_or_default();
                let known = METHODS.contains(&&*method);
                known.then(|| Operation { id, method, template: template.clone(), responses })
            })
        });
        let operations = operations.collect();
        Self { document, prefix, operations }
    }

    /// The document's schemas, converted to JSON Schema.
    pub(super) fn schemas(&self) -> Value {
        let schemas = self.document["components"]["schemas"].as_object().into_iter().flatten();
        let schemas: Map<_, _> =
            schemas.map(|(name, schema)| (name.clone(), convert(schema, &self.document))).collect();
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

    /// The operation that a request is for; if several match, the one with the fewest parameters in its path.
    pub(super) fn find(&self, method: &str, path: &str) -> Option<(usize, &Operation)> {
        let path = path.strip_prefix(self.prefix).filter(|rest| rest.starts_with('/')).unwrap_or(path);
        let matching = self.operations().enumerate().filter(|(_, one)| one.method == method && one.matches(path));
        matching.min_by_key(|(_, operation)| operation.template.matches('{').count())
    }

    /// The described body of a response with this status; `None` if the status is not described.
    pub(super) fn body(&self, operation: &Operation, status: u16) -> Option<DescribedBody> {
        let class = format!("{}XX", status / 100);
        let response =
            [&*status.to_string(), &class, "default"].iter().find_map(|key| operation.responses.get(*key))?;
        let response = response["$ref"].as_str().map_or(response, |reference| resolve(&self.document, reference));
        let content = response["content"].as_object().filter(|content| !content.is_empty());
        Some(match content {
            None => DescribedBody::Nothing,
            Some(content) => match content.iter().find(|(media_type, _)| media_type.starts_with("application/json")) {
                None => DescribedBody::AnotherMediaType,
                Some((_, content)) => DescribedBody::Json(convert(&content["schema"], &self.document)),
            },
        })
    }
}

impl Operation {
    pub(super) fn statuses(&self) -> impl Iterator<Item = &str> {
        self.responses.keys().map(String::as_str)
    }

    fn matches(&self, path: &str) -> bool {
        let (mut template, mut path) = (self.template.split('/'), path.split('/'));
        loop {
            match (template.next(), path.next()) {
                (None, None) => return true,
                (Some(expected), Some(given)) if segment_matches(expected, given) => {}
                _ => return false,
            }
        }
    }
}

/// Whether a segment of a path matches a segment of a template; a parameter may have text around it.
fn segment_matches(expected: &str, given: &str) -> bool {
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
    fn find_prefers_the_path_with_the_fewest_parameters() {
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
