//! Whether answers are what Clerk's own OpenAPI descriptions say that they are.
//!
//! ```no_run
//! # async fn run() {
//! use clerk_tests::openapi::{CheckedClient, Conformance};
//!
//! let Some(api) = Conformance::frontend() else { return }; // the description is not at hand
//! api.check("GET", "/v1/client?__clerk_db_jwt=x", 200, &serde_json::json!({"response": null, "client": null}));
//!
//! let local = clerk_local::LocalClerk::start().await.unwrap();
//! let client = CheckedClient::frontend(&api, &local);
//! let answer = client.send("POST", "/v1/client/sign_ins", &[("identifier", "ada@example.com")]).await; // checked, too
//! api.report();
//! # }
//! ```

mod client;
mod description;
mod mismatch;
mod schema;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use jsonschema::{Draft, Registry, Validator};
use serde_json::Value;

pub use client::{Answer, CheckedClient};
use description::{Described, Description};
pub use mismatch::Mismatch;

use crate::shared;

/// One of Clerk's APIs, as its description has it, and which of it was covered so far.
pub struct Conformance {
    name: &'static str,
    description: Description,
    registry: Registry<'static>,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// By operation and status.
    validators: BTreeMap<(usize, u16), Arc<Validator>>,
    operations: BTreeSet<usize>,
    valid: usize,
}

impl Conformance {
    /// The Frontend API; `None`, after saying so, where its description is not at hand.
    pub fn frontend() -> Option<Self> {
        let text = shared::file("openapi/fapi-2026-05-12.yml")?;
        Some(Self::new("Frontend API", &text, ""))
    }

    /// The Backend API; `None`, after saying so, where its description is not at hand.
    pub fn backend() -> Option<Self> {
        let text = shared::file("openapi/bapi-2026-05-12.yml")?;
        Some(Self::new("Backend API", &text, "/v1"))
    }

    /// An API from a description in YAML, whose paths begin behind this prefix.
    pub fn new(name: &'static str, yaml: &str, prefix: &'static str) -> Self {
        let document: Value = serde_yaml_ng::from_str(yaml).expect("an OpenAPI description");
        let description = Description::new(document, prefix);
        let registry = Registry::new()
            .add(schema::DOCUMENT, description.schemas())
            .expect("an address")
            .prepare()
            .expect("schemas that lead somewhere");
        Self { name, description, registry, seen: Mutex::default() }
    }

    /// Whether an answer is as described; the path may have a query, and `_method` in it counts as the method.
    ///
    /// # Errors
    /// With everything that is not as described.
    pub fn validate(&self, method: &str, path: &str, status: u16, body: &Value) -> Result<(), Mismatch> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let meant = query.split('&').find_map(|pair| pair.strip_prefix("_method="));
        let method = meant.unwrap_or(method).to_ascii_uppercase();
        let request = format!("{method} {path}");
        let operation = self.description.find(&method, path);
        let Some((index, operation)) = operation else {
            return Err(Mismatch::new(&request, "", "no such operation is described"));
        };
        let described = format!("{request} ({} {}) answered {status}", operation.id, operation.template);
        self.seen().operations.insert(index);
        match self.description.answer(operation, status) {
            None => {
                let known = operation.statuses().collect::<Vec<_>>().join(", ");
                return Err(Mismatch::new(&described, "", &format!("this status is not described, but {known}")));
            }
            Some(Described::Nothing) if body.is_null() => {}
            Some(Described::Nothing) => return Err(Mismatch::new(&described, "", "no body is described")),
            Some(Described::AnotherMediaType) => {}
            Some(Described::Json(schema)) => {
                let validator = self.validator((index, status), &schema);
                let mismatch = Mismatch::of(&described, validator.iter_errors(body));
                if let Some(mismatch) = mismatch {
                    return Err(mismatch);
                }
            }
        }
        self.seen().valid += 1;
        Ok(())
    }

    /// The same, for a test.
    ///
    /// # Panics
    /// When the answer is not as described.
    #[track_caller]
    pub fn check(&self, method: &str, path: &str, status: u16, body: &Value) {
        if let Err(mismatch) = self.validate(method, path, status, body) {
            panic!("{}: {mismatch}", self.name);
        }
    }

    /// How much of the API was covered so far, as one line.
    pub fn summary(&self) -> String {
        let seen = self.seen();
        let (covered, all) = (seen.operations.len(), self.description.len());
        format!("{}: {covered} of {all} operations covered, {} responses valid", self.name, seen.valid)
    }

    /// The ids of the operations that no answer was checked of yet.
    pub fn uncovered(&self) -> Vec<&str> {
        let seen = self.seen();
        self.description
            .ids()
            .enumerate()
            .filter(|(index, _)| !seen.operations.contains(index))
            .map(|(_, id)| id)
            .collect()
    }

    /// Prints the summary.
    pub fn report(&self) {
        println!("{}", self.summary());
    }

    /// Built once: some schemas are large.
    fn validator(&self, key: (usize, u16), schema: &Value) -> Arc<Validator> {
        if let Some(validator) = self.seen().validators.get(&key) {
            return Arc::clone(validator);
        }
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_registry(&self.registry)
            .should_validate_formats(true)
            .build(schema)
            .unwrap_or_else(|error| panic!("a schema that cannot be used: {error}"));
        let validator = Arc::new(validator);
        self.seen().validators.insert(key, Arc::clone(&validator));
        validator
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TINY: &str = r#"
openapi: 3.0.3
paths:
  /users/{id}:
    get:
      operationId: GetUser
      responses:
        '200': { $ref: '#/components/responses/User' }
        4XX: { description: Refused, content: { application/json: { schema: { $ref: '#/components/schemas/Errors' } } } }
    delete: { operationId: DeleteUser, responses: { '204': { description: Gone } } }
  /users/count:
    get:
      operationId: CountUsers
      responses: { '200': { content: { application/json: { schema: { type: integer, nullable: true } } } } }
  /page:
    get: { operationId: Page, responses: { '200': { content: { text/html: { schema: { type: string } } } } } }
components:
  responses:
    User: { description: A user, content: { application/json: { schema: { $ref: '#/components/schemas/User' } } } }
  schemas:
    Errors:
      type: object
      additionalProperties: false
      required: [errors]
      properties: { errors: { type: array, minItems: 1, items: { type: object } } }
    Base:
      type: object
      additionalProperties: false
      required: [id]
      properties: { id: { type: string, pattern: '^user_' } }
    User:
      allOf:
        - $ref: '#/components/schemas/Base'
        - type: object
          additionalProperties: false
          required: [verification, type]
          properties:
            type: { type: string, enum: [a, b], nullable: true }
            email: { type: string, format: email }
            age: { type: integer, minimum: 0, exclusiveMinimum: true }
            parent: { nullable: true, allOf: [ { $ref: '#/components/schemas/Base' } ] }
            verification:
              nullable: true
              oneOf:
                - type: object
                  required: [strategy, attempts]
                  properties: { strategy: { type: string, enum: [code] }, attempts: { type: integer } }
                - type: object
                  required: [strategy]
                  properties: { strategy: { type: string, enum: [oauth] }, url: { type: string } }
"#;

    fn api() -> Conformance {
        Conformance::new("Tiny API", TINY, "/v1")
    }

    fn user(changes: Value) -> Value {
        let mut user = json!({"id": "user_1", "type": "a", "verification": null});
        user.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        user
    }

    fn problem(changes: Value) -> String {
        api().validate("GET", "/v1/users/user_1", 200, &user(changes)).unwrap_err().to_string()
    }

    #[test]
    fn what_is_described_is_valid() {
        for changes in [
            json!({}),
            json!({"type": null}),
            json!({"parent": null}),
            json!({"parent": {"id": "user_2"}}),
            json!({"age": 1}),
            json!({"email": "a@example.com"}),
            json!({"verification": {"strategy": "code", "attempts": 0}}),
            json!({"verification": {"strategy": "oauth"}}),
        ] {
            api().check("GET", "/v1/users/user_1", 200, &user(changes));
        }
        let errors = json!({"errors": [{}]});
        for status in [400, 404, 422] {
            api().check("get", "/users/x?y=/z", status, &errors);
        }
        api().check("DELETE", "/v1/users/user_1", 204, &Value::Null);
        api().check("GET", "/v1/users/count", 200, &json!(7));
        api().check("GET", "/v1/users/count", 200, &json!(null));
        api().check("GET", "/v1/page", 200, &Value::Null);
    }

    #[test]
    fn what_is_not_is_said_with_its_place() {
        for (changes, place, expected) in [
            (json!({"id": "org_1"}), "/id", "^user_"),
            (json!({"id": null}), "/id", r#""string""#),
            (json!({"type": "c"}), "/type", r#""a""#),
            (json!({"more": 1}), "/", "'more'"),
            (json!({"age": 0}), "/age", "0"),
            (json!({"email": "nobody"}), "/email", "email"),
            (json!({"parent": {}}), "/parent", r#""id""#),
            (json!({"parent": {"id": "user_2", "more": 1}}), "/parent", "'more'"),
            (json!({"verification": {"strategy": "code"}}), "/verification", r#""attempts""#),
            (json!({"verification": {"strategy": "oauth", "url": 1}}), "/verification/url", r#""string""#),
        ] {
            let problem = problem(changes.clone());
            assert!(problem.starts_with("GET /v1/users/user_1 (GetUser /users/{id}) answered 200\n"), "{problem}");
            let lines: Vec<_> = problem.lines().skip(1).collect();
            let said = lines
                .iter()
                .any(|line| line.trim_start().starts_with(&format!("at {place}: ")) && line.contains(expected));
            assert!(said, "{changes}: {problem}");
        }
        let mut without = user(json!({}));
        without.as_object_mut().unwrap().remove("id");
        assert!(api().validate("GET", "/v1/users/1", 200, &without).unwrap_err().to_string().contains(r#""id""#));
    }

    #[test]
    fn what_is_not_described_at_all_is_said() {
        for (method, path, status, body, expected) in [
            ("GET", "/v1/nothing", 200, json!({}), "no such operation"),
            ("POST", "/v1/users/1", 200, json!({}), "no such operation"),
            ("GET", "/v1/users/", 200, json!({}), "no such operation"),
            ("GET", "/v1/users/1/more", 200, json!({}), "no such operation"),
            ("GET", "/v1/users/1", 500, json!({}), "200, 4XX"),
            ("DELETE", "/v1/users/1", 204, json!({}), "no body"),
        ] {
            let problem = api().validate(method, path, status, &body).unwrap_err().to_string();
            assert!(problem.contains(expected), "{problem}");
        }
    }

    #[test]
    #[should_panic(expected = "Tiny API: GET /v1/users/count")]
    fn a_check_panics() {
        api().check("GET", "/v1/users/count", 200, &json!("7"));
    }

    #[test]
    fn what_was_covered_is_counted() {
        let api = api();
        assert_eq!(api.summary(), "Tiny API: 0 of 4 operations covered, 0 responses valid");
        api.check("POST", "/v1/users/1?_method=DELETE", 204, &Value::Null);
        api.check("GET", "/v1/users/count", 200, &json!(1));
        api.check("GET", "/v1/users/count", 200, &json!(2));
        api.validate("GET", "/v1/users/1", 200, &json!({})).unwrap_err();
        assert_eq!(api.summary(), "Tiny API: 3 of 4 operations covered, 3 responses valid");
        assert_eq!(api.uncovered(), ["Page"]);
    }

    /// Every schema of the real descriptions can be used.
    #[test]
    fn every_schema_of_the_descriptions_is_understood() {
        for api in [Conformance::frontend(), Conformance::backend()].into_iter().flatten() {
            let mut count = 0;
            for (index, operation) in api.description.operations().enumerate() {
                for status in operation.statuses().filter_map(|status| status.parse().ok()) {
                    if let Some(Described::Json(schema)) = api.description.answer(operation, status) {
                        api.validator((index, status), &schema);
                        count += 1;
                    }
                }
            }
            println!("{}: {} operations, {count} schemas of answers", api.name, api.description.len());
            assert!(count > api.description.len());
        }
    }

    /// The examples that the descriptions themselves give of whole answers, and answers that they show.
    #[test]
    fn an_answer_of_the_frontend_api_has_its_envelope() {
        let Some(api) = Conformance::frontend() else { return };
        api.check("GET", "/v1/client", 200, &json!({"response": null, "client": null}));
        let errors = json!({"errors": [{"code": "form_identifier_not_found", "message": "m", "long_message": "l"}]});
        api.check("POST", "/v1/client/sign_ins", 422, &errors);
        let problem = api.validate("POST", "/v1/client/sign_ins", 200, &json!({"object": "sign_in"})).unwrap_err();
        assert!(problem.to_string().contains(r#""response""#), "{problem}");
        let bare = json!({"response": {"object": "sign_in_attempt", "id": 7}, "client": null});
        let problem = api.validate("POST", "/v1/client/sign_ins", 200, &bare).unwrap_err().to_string();
        assert!(problem.contains("at /response/id: 7 is not of type \"string\""), "{problem}");
        println!("{problem}");
    }
}
