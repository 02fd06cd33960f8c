//! One webhook route in three frameworks, each on a real server.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use clerk_webhook::{Event, FromWebhook, MessageId, WebhookEndpoint, WebhookError, WebhookMessage};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::sync::Semaphore;
use tower::{Layer, ServiceExt};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framework {
    Actix,
    Axum,
    Tower,
}

pub const FRAMEWORKS: [Framework; 3] = [Framework::Actix, Framework::Axum, Framework::Tower];

/// Controls the handler, and records the messages that it handles.
#[derive(Debug, Clone)]
pub struct Work(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    handled: Mutex<Vec<String>>,
    failures: AtomicUsize,
    /// The handler takes one permit for each `test.waits`.
    passes: Semaphore,
}

impl Work {
    fn new() -> Self {
        Self(Arc::new(Shared { handled: Mutex::default(), failures: AtomicUsize::new(0), passes: Semaphore::new(0) }))
    }

    /// Each message that reached the handler, in the form `id type body`.
    pub fn handled(&self) -> Vec<String> {
        self.0.handled.lock().unwrap().clone()
    }

    /// Makes the next messages fail, this many times.
    pub fn fail(&self, times: usize) {
        self.0.failures.store(times, Ordering::SeqCst);
    }

    /// Lets one `test.waits` continue.
    pub fn pass(&self) {
        self.0.passes.add_permits(1);
    }

    async fn handle(&self, id: &MessageId, event: &Event, body: &[u8]) -> StatusCode {
        let seen = format!("{id} {} {}", event.event_type(), String::from_utf8_lossy(body));
        self.0.handled.lock().unwrap().push(seen);
        match event.event_type() {
            "test.panics" => panic!("this panic is part of a test"),
            "test.waits" => self.0.passes.acquire().await.unwrap().forget(),
            _ => {}
        }
        let fails = self.0.failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if fails.is_ok() { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::NO_CONTENT }
    }
}

impl Framework {
    /// Starts a server with `/webhooks`, and `/unlayered`, where the layer is missing.
    pub fn serve(self, endpoint: WebhookEndpoint) -> (SocketAddr, Work) {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let (address, work) = (listener.local_addr().unwrap(), Work::new());
        match self {
            Self::Actix => actix(listener, endpoint, work.clone()),
            Self::Axum => axum(listener, endpoint, work.clone()),
            Self::Tower => tower(listener, endpoint, work.clone()),
        }
        (address, work)
    }
}

fn actix(listener: std::net::TcpListener, endpoint: WebhookEndpoint, work: Work) {
    use actix_web::{App, HttpResponse, HttpServer, web};
    use clerk_actix::webhook::{Webhook, WebhookMiddleware};

    async fn handler(
        work: web::Data<Work>,
        Webhook((id, event)): Webhook<(MessageId, Event)>,
        body: web::Bytes,
    ) -> HttpResponse {
        let status = work.handle(&id, &event, &body).await;
        HttpResponse::build(actix_web::http::StatusCode::from_u16(status.as_u16()).unwrap()).finish()
    }

    crate::actix_server::run(move || {
        let app = move || {
            let webhooks = web::resource("/webhooks").wrap(WebhookMiddleware::new(endpoint.clone())).post(handler);
            App::new()
                .app_data(web::Data::new(work.clone()))
                .service(webhooks)
                .route("/unlayered", web::post().to(handler))
        };
        // Otherwise actix does not notice that a client has closed its connection.
        let server = HttpServer::new(app).workers(2).disable_signals().h1_allow_half_closed(false);
        server.listen(listener).unwrap().run()
    });
}

fn axum(listener: std::net::TcpListener, endpoint: WebhookEndpoint, work: Work) {
    use axum::{Router, extract::State, routing::post};
    use clerk_axum::webhook::{Webhook, WebhookLayer};

    async fn handler(
        State(work): State<Work>,
        Webhook((id, event)): Webhook<(MessageId, Event)>,
        body: Bytes,
    ) -> StatusCode {
        work.handle(&id, &event, &body).await
    }

    let app = Router::new()
        .route("/webhooks", post(handler).layer(WebhookLayer::new(endpoint)))
        .route("/unlayered", post(handler))
        .with_state(work);
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
}

fn tower(listener: std::net::TcpListener, endpoint: WebhookEndpoint, work: Work) {
    let handler = move |request: Request<WebhookMessage>| {
        let work = work.clone();
        async move {
            let message = request.into_body();
            let (id, event) = <(MessageId, Event)>::from_webhook(&message).unwrap();
            let status = work.handle(&id, &event, message.payload()).await;
            let mut response = Response::new(Full::<Bytes>::default());
            *response.status_mut() = status;
            Ok::<_, Infallible>(response)
        }
    };
    let layered = clerk_tower::webhook::WebhookLayer::new(endpoint).layer(tower::service_fn(handler));
    let service = tower::service_fn(move |request: Request<Incoming>| {
        let layered = layered.clone();
        async move {
            if request.uri().path() == "/unlayered" {
                let error: WebhookError = clerk_tower::webhook::webhook_message(request.extensions()).unwrap_err();
                return Ok(clerk_tower::webhook::webhook_refusal::<Full<Bytes>>(&error));
            }
            let (parts, body) = layered.oneshot(request).await?.into_parts();
            Ok::<_, Infallible>(Response::from_parts(parts, Full::from(body.collect().await?.to_bytes())))
        }
    });
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = TowerToHyperService::new(service.clone());
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
}
