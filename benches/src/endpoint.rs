//! A JWKS endpoint on loopback that counts its requests and can fail on purpose.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, extract::Request, http::StatusCode, response::Response};

/// How the endpoint responds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Good,
    /// Good, after this delay.
    Slow(Duration),
    Failing,
    Hanging,
}

#[derive(Clone)]
pub struct Endpoint {
    pub url: String,
    requests: Arc<AtomicUsize>,
    mode: Arc<Mutex<Mode>>,
}

impl Endpoint {
    /// Serves these keys at every path where one of the peers looks for them.
    pub async fn start(jwks: String) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (requests, mode) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Mode::Good)));
        let endpoint = Self { url: url.clone(), requests, mode };
        let this = endpoint.clone();
        let app = Router::new().fallback(move |request: Request| {
            let (this, jwks, url) = (this.clone(), jwks.clone(), url.clone());
            async move { this.respond(request.uri().path(), jwks, &url).await }
        });
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        endpoint
    }

    async fn respond(&self, path: &str, jwks: String, url: &str) -> Response {
        if path.ends_with("/openid-configuration") {
            let discovery = serde_json::json!({
                "issuer": url, "jwks_uri": format!("{url}/jwks"), "authorization_endpoint": format!("{url}/authorize"),
                "response_types_supported": ["code"], "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            });
            return json(StatusCode::OK, discovery.to_string());
        }
        self.requests.fetch_add(1, Ordering::SeqCst);
        let mode = *self.mode.lock().unwrap();
        match mode {
            Mode::Good => json(StatusCode::OK, jwks),
            Mode::Slow(time) => {
                tokio::time::sleep(time).await;
                json(StatusCode::OK, jwks)
            }
            Mode::Failing => json(StatusCode::INTERNAL_SERVER_ERROR, "{}".to_owned()),
            Mode::Hanging => std::future::pending().await,
        }
    }

    pub fn set_mode(&self, mode: Mode) {
        *self.mode.lock().unwrap() = mode;
    }

    /// Returns the number of requests for keys since the last call.
    pub fn take_requests(&self) -> usize {
        self.requests.swap(0, Ordering::SeqCst)
    }
}

fn json(status: StatusCode, body: String) -> Response {
    let response = Response::builder().status(status).header("content-type", "application/json");
    response.body(Body::from(body)).unwrap()
}
