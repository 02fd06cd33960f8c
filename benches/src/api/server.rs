//! A Backend API on the loopback that answers as it is told.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, extract::Request, http::Response};
use serde_json::{Value, json};

/// What a request is answered with.
#[derive(Clone)]
pub enum Answer {
    /// What Clerk answers to it, in this variant.
    Good(Variant),
    /// Status, a header, body.
    Raw(u16, (&'static str, &'static str), &'static str),
    /// Nothing, for ever.
    Silence,
}

/// Which of the answers that Clerk's description allows.
#[derive(Debug, Clone, Copy)]
pub enum Variant {
    /// Every member.
    Full,
    /// Null wherever it is allowed.
    Null,
    /// The required members alone.
    Least,
    /// A member that is newer than the description.
    NewMember,
    /// A value of an enum that is newer than the description.
    NewValue,
    /// Lists beside a total, as with `paginated=true`.
    Total,
}

pub struct Server {
    pub url: String,
    /// The answers to come; the last one stays.
    answers: Arc<Mutex<Vec<Answer>>>,
    requests: Arc<AtomicUsize>,
}

impl Server {
    pub async fn start() -> Self {
        let answers = Arc::new(Mutex::new(vec![Answer::Good(Variant::Full)]));
        let requests = Arc::new(AtomicUsize::new(0));
        let (told, count) = (Arc::clone(&answers), Arc::clone(&requests));
        let app = Router::new().fallback(async move |request: Request| {
            count.fetch_add(1, Ordering::SeqCst);
            let answer = {
                let mut answers = told.lock().unwrap();
                if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() }
            };
            match answer {
                Answer::Good(variant) => {
                    let body = good(request.method().as_str(), request.uri().path(), variant).to_string();
                    response(200, ("content-type", "application/json"), body)
                }
                Answer::Raw(status, header, body) => response(status, header, body.to_owned()),
                Answer::Silence => {
                    tokio::time::sleep(Duration::from_secs(3600)).await;
                    response(200, ("x-late", "very"), String::new())
                }
            }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, answers, requests }
    }

    pub fn answer(&self, answers: impl Into<Vec<Answer>>) {
        *self.answers.lock().unwrap() = answers.into();
        self.requests.store(0, Ordering::SeqCst);
    }

    /// How many requests there were since.
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

fn response(status: u16, header: (&str, &str), body: String) -> Response<Body> {
    let response = Response::builder().status(status).header("content-type", "application/json");
    let response = if header.0 == "content-type" {
        Response::builder().status(status).header("content-type", header.1)
    } else {
        response.header(header.0, header.1)
    };
    response.body(Body::from(body)).unwrap()
}

/// A good answer, made of Clerk's description of the API.
fn good(method: &str, path: &str, variant: Variant) -> Value {
    let list = |one: Value| match variant {
        Variant::Total => json!({"data": [one], "total_count": 1}),
        _ => json!([one]),
    };
    match (method, path) {
        ("GET", "/v1/users") => list(resource("user", variant)),
        ("DELETE", _) => json!({"object": "user", "id": "user_1", "deleted": true}),
        ("GET", "/v1/sessions") => list(resource("session", variant)),
        (_, path) if path.starts_with("/v1/sessions") => resource("session", variant),
        ("GET", "/v1/organizations") => json!({"data": [resource("organization", variant)], "total_count": 1}),
        (_, path) if path.starts_with("/v1/organizations") => resource("organization", variant),
        _ => resource("user", variant),
    }
}

fn resource(name: &str, variant: Variant) -> Value {
    let answers: Value = serde_json::from_str(include_str!("answers.json")).unwrap();
    let of = |kind: &str| answers[name][kind].clone();
    match variant {
        Variant::Full | Variant::Total => of("full"),
        Variant::Null => of("null"),
        Variant::Least => of("least"),
        Variant::NewMember => {
            let mut object = of("full");
            object["of_tomorrow"] = json!({"deep": [1, "two"]});
            object
        }
        Variant::NewValue => {
            let mut object = of("full");
            match name {
                "user" => object["email_addresses"][0]["verification"]["status"] = json!("of_tomorrow"),
                "session" => object["status"] = json!("of_tomorrow"),
                _ => {}
            }
            object
        }
    }
}
