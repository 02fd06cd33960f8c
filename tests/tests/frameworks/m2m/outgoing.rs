//! Sending tokens, with the layer and with reqwest.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use axum::{Router, http::HeaderMap, response::Redirect, routing::get};
use clerk_axum::{Auth, Authenticator, ClerkLayer, M2mToken, TokenType};
use clerk_tests::switch::Behaviour;
use clerk_tower::m2m::{M2mCallError, M2mTokenErrorKind, M2mTokenLayer};
use http::{HeaderValue, Request, Response};
use tower::{Layer, Service, ServiceExt};

use super::{Faulty, Scene};

type Seen = Arc<Mutex<Vec<Option<HeaderValue>>>>;

/// A client that sends nothing and records the `Authorization` of each call. It panics if it was not polled ready.
#[derive(Clone)]
struct Client {
    seen: Seen,
    ready: bool,
}

impl Service<Request<()>> for Client {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Response<()>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<()>) -> Self::Future {
        assert!(std::mem::take(&mut self.ready), "called without being ready");
        self.seen.lock().unwrap().push(request.headers().get("authorization").cloned());
        std::future::ready(Ok(Response::new(())))
    }
}

fn client() -> (Client, Seen) {
    let seen = Seen::default();
    (Client { seen: Arc::clone(&seen), ready: false }, seen)
}

fn request(uri: &str) -> Request<()> {
    Request::get(uri).body(()).unwrap()
}

#[tokio::test]
async fn the_layer_sends_tokens_to_the_configured_origins_only() {
    let scene = Scene::start().await;
    let source = scene.source(|source| source);
    let (client, seen) = client();
    let layer = M2mTokenLayer::new(source.clone(), ["https://api.example.com", "http://localhost:8080"]).unwrap();
    let mut service = layer.layer(client);
    let mut sent = async |request: Request<()>| {
        service.ready().await.unwrap().call(request).await.unwrap();
        seen.lock().unwrap().pop().unwrap()
    };
    let foreign =
        ["https://evil.example/", "http://api.example.com/", "https://api.example.com:8443/", "/job", "localhost:8080"];
    for uri in foreign {
        assert_eq!(sent(request(uri)).await, None, "{uri}");
    }
    let misleading = ["https://api.example.com@evil.example/", "https://evil.example/https://api.example.com/"];
    for uri in misleading {
        assert_eq!(sent(request(uri)).await, None, "{uri}");
    }
    let mut named = request("https://evil.example/");
    named.headers_mut().insert("host", HeaderValue::from_static("api.example.com"));
    assert_eq!(sent(named).await, None, "the address decides, not the Host header");
    assert_eq!(scene.local.create_requests(), 0, "no token is created for other origins");

    for uri in ["https://api.example.com/job", "https://API.example.com:443/", "http://localhost:8080/"] {
        let value = sent(request(uri)).await.expect("a token");
        assert!(value.is_sensitive(), "{uri}");
        assert_eq!(value, format!("Bearer {}", source.token().await.unwrap().expose()), "{uri}");
    }
    let mut with_header = request("https://api.example.com/");
    with_header.headers_mut().insert("authorization", HeaderValue::from_static("Basic abc"));
    assert_eq!(sent(with_header).await.unwrap(), "Basic abc");
    assert_eq!(scene.local.create_requests(), 1);
}

#[tokio::test]
async fn the_layer_waits_only_for_the_first_token() {
    let scene = Scene::start().await;
    let (client, _) = client();
    let layer = M2mTokenLayer::new(scene.source(|source| source), ["https://api.example.com"]).unwrap();
    let mut service = layer.layer(client);
    let mut context = Context::from_waker(Waker::noop());
    let mut first = std::pin::pin!(service.ready().await.unwrap().call(request("https://api.example.com/")));
    assert!(first.as_mut().poll(&mut context).is_pending());
    first.await.unwrap();
    let mut second = std::pin::pin!(service.ready().await.unwrap().call(request("https://api.example.com/")));
    assert!(second.as_mut().poll(&mut context).is_ready());
}

#[tokio::test]
async fn without_a_token_no_request_is_sent() {
    let faulty = Faulty::start().await;
    faulty.api.set_behaviour(Behaviour::status(500));
    let (client, seen) = client();
    let service = M2mTokenLayer::new(faulty.source.clone(), ["https://api.example.com"]).unwrap().layer(client);
    match service.oneshot(request("https://api.example.com/")).await {
        Err(M2mCallError::Token(error)) => assert_eq!(error.kind(), M2mTokenErrorKind::InvalidResponse),
        other => panic!("{other:?}"),
    }
    assert!(seen.lock().unwrap().is_empty());
}

/// Serves on a port of the system's choice.
async fn serve(app: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_with_reqwest_is_accepted_and_a_redirect_to_another_host_gets_no_token() {
    let scene = Scene::start().await;
    let other_host =
        serve(Router::new().fallback(
            async |headers: HeaderMap| {
                if headers.contains_key("authorization") { "leaked" } else { "nothing" }
            },
        ))
        .await;
    let machines = Authenticator::new(scene.clerk()).accepts_tokens(TokenType::M2mToken).unwrap();
    let job = get(async |Auth(token): Auth<M2mToken>| token.machine_id().to_owned());
    let away = get(async move || Redirect::temporary(&other_host));
    let api = serve(Router::new().route("/job", job).route("/away", away).layer(ClerkLayer::new(machines))).await;
    let source = scene.source(|source| source);
    let client = reqwest::Client::new();
    let call = async |path: &str| {
        let request = client.get(format!("{api}{path}")).bearer_auth(source.token().await.unwrap().expose());
        assert!(!format!("{request:?}").contains(source.token().await.unwrap().expose()));
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    assert_eq!(call("/job").await, (200, scene.local.machine_id().to_owned()));
    assert_eq!(call("/away").await, (200, "nothing".to_owned()));
    assert_eq!(client.get(format!("{api}/job")).send().await.unwrap().status(), 401);
    let id = source.token().await.unwrap().id().to_owned();
    let url = format!("{}/m2m_tokens/{id}/revoke", scene.local.backend_api_url());
    let revocation = client.post(url).bearer_auth(scene.local.machine_secret_key().expose());
    let body = r#"{"revocation_reason":"leaked"}"#;
    let response = revocation.header("content-type", "application/json").body(body).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(call("/job").await.0, 401);
}
