//! Calls of a local instance's Backend API, as plain as they travel.

use clerk_local::LocalClerk;
use reqwest::Method;
use serde_json::{Value, json};

/// A running instance and a client with its secret key.
pub(crate) struct Api {
    pub(crate) local: LocalClerk,
    client: reqwest::Client,
}

/// What an operation answered.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) json: Value,
}

impl Api {
    pub(crate) async fn start() -> Self {
        Self { local: LocalClerk::start().await.unwrap(), client: reqwest::Client::new() }
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.succeed(Method::GET, path, Value::Null).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        self.succeed(Method::POST, path, body).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Value {
        self.succeed(Method::PATCH, path, body).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Value {
        self.succeed(Method::PUT, path, body).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Value {
        self.succeed(Method::DELETE, path, Value::Null).await
    }

    /// The code of the refusal and the parameter that it is about.
    pub(crate) async fn refused(&self, method: Method, path: &str, body: Value) -> (u16, String, Value) {
        let answered = self.call(method, path, body).await;
        let error = &answered.json["errors"][0];
        (answered.status, error["code"].as_str().unwrap_or_default().to_owned(), error["meta"]["param_name"].clone())
    }

    async fn succeed(&self, method: Method, path: &str, body: Value) -> Value {
        let told = format!("{method} {path} {body}");
        let answered = self.call(method, path, body).await;
        assert!((200..300).contains(&answered.status), "{told}: {answered:?}");
        answered.json
    }

    pub(crate) async fn call(&self, method: Method, path: &str, body: Value) -> Answered {
        let key = self.local.secret_key().expose();
        self.call_as(key, method, path, body).await
    }

    pub(crate) async fn call_as(&self, key: &str, method: Method, path: &str, body: Value) -> Answered {
        let url = format!("{}{path}", self.local.backend_api_url());
        let request = self.client.request(method, url).bearer_auth(key);
        let request = if body.is_null() {
            request
        } else {
            request.header("content-type", "application/json").body(body.to_string())
        };
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        let json = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap_or(json!(text)) };
        Answered { status, json }
    }
}
