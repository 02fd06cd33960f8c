//! A router that strips a part of the path hides it from the layers inside; they must see the whole address.

use std::{convert::Infallible, net::SocketAddr, sync::Arc};

use clerk_core::{
    Authenticator,
    browser::OrganizationSync,
    observe::{AuditEvent, AuditSink},
    time::{ManualClock, Timestamp},
};
use clerk_local::LocalClerk;
use clerk_tests::{
    client::{self, Response},
    harness::{FRAMEWORKS, Framework},
};

const NOW: i64 = 1_768_478_400;

/// What the server in front of a plain tower service keeps of the URI.
#[derive(Clone)]
struct Original(http::Uri);

fn serve(framework: Framework, authenticator: Authenticator) -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    match framework {
        Framework::Axum => serve_axum(listener, authenticator),
        Framework::Actix => serve_actix(listener, authenticator),
        Framework::Tower => serve_tower(listener, authenticator),
    }
    address
}

fn serve_axum(listener: std::net::TcpListener, authenticator: Authenticator) {
    use axum::{Router, routing::get};
    let inner =
        Router::new().route("/orgs/{slug}", get(async || "page")).layer(clerk_axum::ClerkLayer::new(authenticator));
    let app = Router::new().nest("/app", Router::new().nest("/inner", inner));
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
}

fn serve_actix(listener: std::net::TcpListener, authenticator: Authenticator) {
    use actix_web::{App, HttpServer, web};
    clerk_tests::actix_server::run(move || {
        let app = move || {
            let layer = clerk_actix::ClerkMiddleware::new(authenticator.clone());
            let inner = web::scope("/inner").wrap(layer).route("/orgs/{slug}", web::get().to(async || "page"));
            App::new().service(web::scope("/app").service(inner))
        };
        HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap().run()
    });
}

fn serve_tower(listener: std::net::TcpListener, authenticator: Authenticator) {
    use http_body_util::Full;
    use hyper_util::{rt::TokioIo, service::TowerToHyperService};
    use tower::{Layer, ServiceExt};
    let page = tower::service_fn(async |request: http::Request<hyper::body::Incoming>| {
        assert_eq!(request.uri().path(), "/orgs/other");
        Ok::<_, Infallible>(http::Response::new(Full::from("page")))
    });
    let layer = clerk_tower::ClerkLayer::new(authenticator);
    let layered = layer.original_uri(|extensions| extensions.get::<Original>().map(|uri| &uri.0)).layer(page);
    let service = tower::service_fn(move |mut request: http::Request<hyper::body::Incoming>| {
        let original = request.uri().clone();
        let stripped = original.path_and_query().unwrap().as_str().strip_prefix("/app/inner").unwrap();
        *request.uri_mut() = stripped.parse().unwrap();
        request.extensions_mut().insert(Original(original));
        layered.clone().oneshot(request)
    });
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = TowerToHyperService::new(service.clone());
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
}

#[derive(Clone, Default)]
struct Paths(Arc<std::sync::Mutex<Vec<String>>>);

impl AuditSink for Paths {
    fn record(&self, event: &AuditEvent<'_>) {
        self.0.lock().unwrap().push(event.path().to_owned());
    }
}

async fn get(address: SocketAddr, cookies: String) -> Response {
    let headers = [("sec-fetch-dest", b"document".to_vec()), ("cookie", cookies.into_bytes())];
    client::get(address, "/app/inner/orgs/other?tab=1", &headers).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nested_layer_sees_the_whole_address() {
    let clock = Arc::new(ManualClock::new(Timestamp::from_unix_seconds(NOW)));
    let local = LocalClerk::builder().clock(clock.clone()).start().await.unwrap();
    for framework in FRAMEWORKS {
        let sync = OrganizationSync::new().organization_patterns(["/app/inner/orgs/:slug"]).unwrap();
        let paths = Paths::default();
        let clerk = local.clerk_builder().unwrap().build().unwrap();
        let authenticator = Authenticator::new(clerk).pages().unwrap().organization_sync(sync).audit(paths.clone());
        let address = serve(framework, authenticator);

        let first = get(address, String::new()).await;
        let location = first.header("location").unwrap_or_else(|| panic!("{framework:?} {first:?}"));
        let back = "redirect_url=http%3A%2F%2Flocalhost%2Fapp%2Finner%2Forgs%2Fother%3Ftab%3D1&";
        assert!(location.contains(back), "{framework:?} {location}");

        let token = local.token("alice").unwrap().mint();
        let cookies = format!("__session={token}; __client_uat={}; __clerk_db_jwt=dvb_1", NOW - 30);
        let switched = get(address, cookies).await;
        let location = switched.header("location").unwrap_or_else(|| panic!("{framework:?} {switched:?}"));
        assert!(location.contains("organization_id=other"), "{framework:?} {location}");
        assert_eq!(*paths.0.lock().unwrap(), ["/app/inner/orgs/other"; 2], "{framework:?}");
    }
}
