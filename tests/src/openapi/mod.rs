//! Compares responses with the facts of Clerk's own OpenAPI descriptions.
//!
//! ```no_run
//! # async fn run() {
//! use clerk_tests::openapi::{CheckedClient, Conformance};
//!
//! let api = Conformance::frontend();
//! api.check("GET", "/v1/client?__clerk_db_jwt=x", 200, &serde_json::json!({"response": null, "client": null}));
//!
//! let local = clerk_local::LocalClerk::start().await.unwrap();
//! let client = CheckedClient::frontend(&api, &local);
//! let response = client.send("POST", "/v1/client/sign_ins", &[("identifier", "ada@example.com")]).await; // checked, too
//! api.report();
//! # }
//! ```

mod client;
mod description;
pub mod facts;
mod mismatch;
mod schema;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use jsonschema::{Draft, Registry, Validator};
use serde_json::Value;

pub use client::{CheckedClient, CheckedResponse};
use description::{DescribedBody, Description};
use facts::Api;
pub use mismatch::Mismatch;

/// The description of one of Clerk's APIs, and which of its operations were covered so far.
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
    /// The Frontend API.
    pub fn frontend() -> Self {
        Self::new("Frontend API", Api::Frontend.facts(), "")
    }

    /// The Backend API.
    pub fn backend() -> Self {
        Self::new("Backend API", Api::Backend.facts(), "/v1")
    }

    /// An API from an OpenAPI document; `prefix` is removed from paths before they are compared with it.
    pub fn new(name: &'static str, document: Value, prefix: &'static str) -> Self {
        let description = Description::new(document, prefix);
        let registry = Registry::new()
            .add(schema::DOCUMENT, description.schemas())
            .expect("an address")
            .prepare()
            .expect("references that can be resolved");
        Self { name, description, registry, seen: Mutex::default() }
    }

    /// Compares a response with the description. The path may have a query; `_method` in it replaces the method.
    ///
    /// # Errors
    /// All differences.
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
        match self.description.body(operation, status) {
            None => {
                let known = operation.statuses().collect::<Vec<_>>().join(", ");
                return Err(Mismatch::new(&described, "", &format!("this status is not described, but {known}")));
            }
            Some(DescribedBody::Nothing) if body.is_null() => {}
            Some(DescribedBody::Nothing) => return Err(Mismatch::new(&described, "", "no body is described")),
            Some(DescribedBody::AnotherMediaType) => {}
            Some(DescribedBody::Json(schema)) => {
                let validator = self.validator((index, status), &schema);
                let mismatch = Mismatch::from_errors(&described, validator.iter_errors(body));
                if let Some(mismatch) = mismatch {
                    return Err(mismatch);
                }
            }
        }
        self.seen().valid += 1;
        Ok(())
    }

    /// Like [`Conformance::validate`], for a test.
    ///
    /// # Panics
    /// If the response does not match the description.
    #[track_caller]
    pub fn check(&self, method: &str, path: &str, status: u16, body: &Value) {
        if let Err(mismatch) = self.validate(method, path, status, body) {
            panic!("{}: {mismatch}", self.name);
        }
    }

    /// One line that says how many operations were covered so far.
    pub fn summary(&self) -> String {
        let seen = self.seen();
        let (covered, all) = (seen.operations.len(), self.description.len());
        format!("{}: {covered} of {all} operations covered, {} responses valid", self.name, seen.valid)
    }

    /// The ids of the operations of which no response was checked so far.
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

    /// Builds each validator once, because some schemas are large.
    fn validator(&self, key: (usize, u16), schema: &Value) -> Arc<Validator> {
        if let Some(validator) = self.seen().validators.get(&key) {
            return Arc::clone(validator);
        }
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_registry(&self.registry)
            .should_validate_formats(true)
            .build(schema)
            .unwrap_or_else(|error| panic!("invalid schema: {error}"));
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
operation GET /users/{id} GetUser
  200 application/json @User
  4XX application/json @Errors
operation DELETE /users/{id} DeleteUser
  204
operation GET /users/count CountUsers
  200 application/json integer null
operation GET /page Page
  200 text/html string
schema Errors object closed
  .errors! array minItems=1
    [] object
schema Base object closed
  .id! string pattern="^user_"
schema User any
  & @Base
  & object closed
    .type! string null enum=["a","b"]
    .email string format="email"
    .age integer minimum=0 exclusiveMinimum=true
    .parent any null
      & @Base
    .verification! any null
      | object
        .strategy! string enum=["code"]
        .attempts! integer
      | object
        .strategy! string enum=["oauth"]
        .url string
"#;

    fn api() -> Conformance {
        Conformance::new("Tiny API", facts::parse(TINY.trim_start()), "/v1")
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
    fn described_responses_are_valid() {
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
    fn a_mismatch_names_the_place() {
        for (changes, place, expected) in [
            (json!({"id": "org_1"}), "/id", "^user_"),
            (json!({"id": null}), "/id", r#""string""#),
            (json!({"type": "c"}), "/type", r#""a""#),
            (json!({"more": 1}), "/", "'more'"),
            (json!({"age": 0}), "/age", "0"),
            (json!({"email": "not an address"}), "/email", "email"),
            (json!({"parent": {}}), "/parent", r#""id""#),
            (json!({"parent": {"id": "user_2", "more": 1}}), "/parent", "'more'"),
            (json!({"verification": {"strategy": "code"}}), "/verification", r#""attempts""#),
            (json!({"verification": {"strategy": "oauth", "url": 1}}), "/verification/url", r#""string""#),
        ] {
            let problem = problem(changes.clone());
            assert!(problem.starts_with("GET /v1/users/user_1 (GetUser /users/{id}) answered 200\n"), "{problem}");
            let lines: Vec<_> = problem.lines().skip(1).collect();
            let named = lines
                .iter()
                .any(|line| line.trim_start().starts_with(&format!("at {place}: ")) && line.contains(expected));
            assert!(named, "{changes}: {problem}");
        }
        let mut without = user(json!({}));
        without.as_object_mut().unwrap().remove("id");
        assert!(api().validate("GET", "/v1/users/1", 200, &without).unwrap_err().to_string().contains(r#""id""#));
    }

    #[test]
    fn responses_without_a_description_are_a_mismatch() {
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
    fn check_panics_with_the_name_of_the_api() {
        api().check("GET", "/v1/users/count", 200, &json!("7"));
    }

    #[test]
    fn the_summary_counts_covered_operations() {
        let api = api();
        assert_eq!(api.summary(), "Tiny API: 0 of 4 operations covered, 0 responses valid");
        api.check("POST", "/v1/users/1?_method=DELETE", 204, &Value::Null);
        api.check("GET", "/v1/users/count", 200, &json!(1));
        api.check("GET", "/v1/users/count", 200, &json!(2));
        api.validate("GET", "/v1/users/1", 200, &json!({})).unwrap_err();
        assert_eq!(api.summary(), "Tiny API: 3 of 4 operations covered, 3 responses valid");
        assert_eq!(api.uncovered(), ["Page"]);
    }

    #[test]
    fn every_schema_of_the_real_descriptions_is_valid() {
        for api in [Conformance::frontend(), Conformance::backend()] {
            let mut count = 0;
            for (index, operation) in api.description.operations().enumerate() {
                for status in operation.statuses().filter_map(|status| status.parse().ok()) {
                    if let Some(DescribedBody::Json(schema)) = api.description.body(operation, status) {
                        api.validator((index, status), &schema);
                        count += 1;
                    }
                }
            }
            println!("{}: {} operations, {count} schemas of responses", api.name, api.description.len());
            assert!(count > api.description.len());
        }
    }

    #[test]
    fn a_response_of_the_frontend_api_has_its_envelope() {
        let api = Conformance::frontend();
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
