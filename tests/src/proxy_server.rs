//! Servers with the Frontend API proxy at `/__clerk`, beside a page for signed-in users.

use std::net::SocketAddr;

use clerk_core::Clerk;
use clerk_proxy::FrontendApiProxy;
use http::Request;
use hyper::body::Incoming;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tower::ServiceExt;

use crate::harness::Framework;

/// Starts a server with the proxy and the page `/me`; it runs until the caller's runtime ends.
pub async fn serve(framework: Framework, proxy: FrontendApiProxy, clerk: Clerk) -> SocketAddr {
    serve_on(framework, std::net::TcpListener::bind("127.0.0.1:0").unwrap(), proxy, clerk)
}

/// Like [`serve`], with a listener whose port the caller already knows.
pub fn serve_on(
    framework: Framework,
    listener: std::net::TcpListener,
    proxy: FrontendApiProxy,
    clerk: Clerk,
) -> SocketAddr {
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    match framework {
        Framework::Actix => actix(listener, proxy, clerk),
        Framework::Axum => axum(listener, proxy, clerk),
        Framework::Tower => tower(listener, proxy),
    }
    address
}

fn axum(listener: std::net::TcpListener, proxy: FrontendApiProxy, clerk: Clerk) {
    use axum::routing::get;
    use clerk_axum::{Auth, ClerkLayer, UserId, proxy::frontend_api_proxy};
    let app = axum::Router::new()
        .route("/me", get(async |Auth(user): Auth<UserId>| user.to_string()))
        .layer(ClerkLayer::pages(clerk).unwrap())
        .nest_service(proxy.path(), frontend_api_proxy(proxy.clone()))
        // Mounted so that the router does not strip the prefix.
        .route_service("/whole/__clerk/{*rest}", frontend_api_proxy(proxy.at_path("/whole/__clerk").unwrap()));
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    tokio::spawn(async move {
        axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await.unwrap();
    });
}

fn actix(listener: std::net::TcpListener, proxy: FrontendApiProxy, clerk: Clerk) {
    use actix_web::{App, HttpServer, web};
    use clerk_actix::{Auth, ClerkMiddleware, UserId, proxy::frontend_api_proxy};
    crate::actix_server::run(move || {
        let app = move || {
            let pages = web::scope("")
                .wrap(ClerkMiddleware::pages(clerk.clone()).unwrap())
                .route("/me", web::get().to(async |Auth(user): Auth<UserId>| user.to_string()));
            App::new().service(frontend_api_proxy(proxy.clone())).service(pages)
        };
        // Otherwise actix does not notice that a client has closed its connection.
        let server = HttpServer::new(app).workers(2).disable_signals().h1_allow_half_closed(false);
        server.listen(listener).unwrap().run()
    });
}

/// Without a router, every path goes to the proxy.
fn tower(listener: std::net::TcpListener, proxy: FrontendApiProxy) {
    let service = clerk_tower::proxy::FrontendApiProxyService::new(proxy);
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    tokio::spawn(async move {
        while let Ok((stream, peer)) = listener.accept().await {
            let service = service.clone();
            let service = tower::service_fn(move |mut request: Request<Incoming>| {
                request.extensions_mut().insert(peer);
                service.clone().oneshot(request)
            });
            let connection = hyper::server::conn::http1::Builder::new();
            tokio::spawn(connection.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)));
        }
    });
}
