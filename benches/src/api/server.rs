//! A Backend API on loopback with scripted replies.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, extract::Request, http::Response};
use serde_json::{Value, json};

/// The server's response to a request.
#[derive(Clone)]
pub enum Reply {
    /// Clerk's response to the request, in this variant.
    Good(Variant),
    /// Status, a header, body.
    Raw(u16, (&'static str, &'static str), &'static str),
    /// No response.
    Silence,
}

/// Which variant of a response that Clerk's description allows.
#[derive(Debug, Clone, Copy)]
pub enum Variant {
    /// Every member.
    Full,
    /// Null where it is allowed.
    Null,
    /// Only the required members.
    Required,
    /// A member that is newer than the description.
    NewMember,
    /// A value of an enum that is newer than the description.
    NewValue,
    /// Lists with a total, as with `paginated=true`.
    Total,
}

pub struct Server {
    pub url: String,
    /// The next replies; the last one is repeated.
    replies: Arc<Mutex<Vec<Reply>>>,
    requests: Arc<AtomicUsize>,
}

impl Server {
    pub async fn start() -> Self {
        let replies = Arc::new(Mutex::new(vec![Reply::Good(Variant::Full)]));
        let requests = Arc::new(AtomicUsize::new(0));
        let (queue, count) = (Arc::clone(&replies), Arc::clone(&requests));
        let app = Router::new().fallback(async move |request: Request| {
            count.fetch_add(1, Ordering::SeqCst);
            let reply = {
                let mut replies = queue.lock().unwrap();
                if replies.len() > 1 { replies.remove(0) } else { replies[0].clone() }
            };
            match reply {
                Reply::Good(variant) => {
                    let body = good_response(request.method().as_str(), request.uri().path(), variant).to_string();
                    response(200, ("content-type", "application/json"), body)
                }
                Reply::Raw(status, header, body) => response(status, header, body.to_owned()),
                Reply::Silence => {
                    tokio::time::sleep(Duration::from_secs(3600)).await;
                    response(200, ("x-late", "very"), String::new())
                }
            }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, replies, requests }
    }

    pub fn set_replies(&self, replies: impl Into<Vec<Reply>>) {
        *self.replies.lock().unwrap() = replies.into();
        self.requests.store(0, Ordering::SeqCst);
    }

    /// The number of requests since [`Self::set_replies`].
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

/// A good response, generated from Clerk's description of the API.
fn good_response(method: &str, path: &str, variant: Variant) -> Value {
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
    let responses: Value = serde_json::from_str(include_str!("responses.json")).unwrap();
    let of = |kind: &str| responses[name][kind].clone();
    match variant {
        Variant::Full | Variant::Total => of("full"),
        Variant::Null => of("null"),
        Variant::Required => of("least"),
        Variant::NewMember => {
            let mut object = of("full");
            object["unknown_value"] = json!({"deep": [1, "two"]});
            object
        }
        Variant::NewValue => {
            let mut object = of("full");
            match name {
                "user" => object["email_addresses"][0]["verification"]["status"] = json!("unknown_value"),
                "session" => object["status"] = json!("unknown_value"),
                _ => {}
            }
            object
        }
    }
}
