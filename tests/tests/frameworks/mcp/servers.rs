//! The same protected resource in three frameworks, each on a real server.
//!
//! | path | requires |
//! |---|---|
//! | `/mcp` | a token for the resource |
//! | `/mcp/write` | the scope `write`, too |
//! | `/open` | nothing |

use std::{convert::Infallible, net::TcpListener};

use bytes::Bytes;
use clerk_core::{AuthState, OAuthToken, Policy, ProtectedResource};
use clerk_tests::harness::Framework;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tower::{Layer, ServiceExt};

fn describe(token: &OAuthToken) -> String {
    format!("{} {}", token.user_id(), token.client_id().unwrap_or_default())
}

fn write() -> Policy {
    Policy::scope("write")
}

/// Starts a server; it runs until the caller's runtime ends.
pub fn serve(framework: Framework, listener: TcpListener, resource: &ProtectedResource) {
    listener.set_nonblocking(true).unwrap();
    match framework {
        Framework::Actix => actix(listener, resource.clone()),
        Framework::Axum => axum(listener, resource),
        Framework::Tower => tower(listener, resource),
    }
}

fn axum(listener: TcpListener, resource: &ProtectedResource) {
    use axum::{Router, routing::any};
    use clerk_axum::{Auth, ProtectedResourceLayer, RequireAuthLayer, ResourceMetadataLayer};

    let mcp = Router::new()
        .route("/mcp", any(async |Auth(token): Auth<OAuthToken>| describe(&token)))
        .route("/mcp/write", any(async || "written").layer(RequireAuthLayer::new(write())))
        .layer(ProtectedResourceLayer::new(resource));
    let app = Router::new()
        .route("/open", any(async || "open"))
        .merge(mcp)
        .fallback(async || (http::StatusCode::NOT_FOUND, "nothing here"))
        .layer(ResourceMetadataLayer::new(resource));
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
}

fn actix(listener: TcpListener, resource: ProtectedResource) {
    use actix_web::{App, HttpServer, web};
    use clerk_actix::{Auth, ProtectedResourceMiddleware, RequireAuth, ResourceMetadataMiddleware};

    clerk_tests::actix_server::run(move || {
        let app = move || {
            let mcp = web::scope("/mcp")
                .wrap(ProtectedResourceMiddleware::new(&resource))
                .route("", web::to(async |Auth(token): Auth<OAuthToken>| describe(&token)))
                .service(web::resource("/write").wrap(RequireAuth::new(write())).to(async || "written"));
            App::new()
                .service(mcp)
                .route("/open", web::to(async || "open"))
                .wrap(ResourceMetadataMiddleware::new(&resource))
        };
        HttpServer::new(app).workers(2).disable_signals().listen(listener).unwrap().run()
    });
}

fn tower(listener: TcpListener, resource: &ProtectedResource) {
    use clerk_tower::{ProtectedResourceLayer, RequireAuthLayer, ResourceMetadataLayer};

    type Body = Full<Bytes>;
    let written = RequireAuthLayer::new(write()).layer(tower::service_fn(async |_: Request<Incoming>| {
        Ok::<_, Infallible>(Response::new(Body::from("written")))
    }));
    let mcp = tower::service_fn(move |request: Request<Incoming>| {
        let written = written.clone();
        async move {
            if request.uri().path() == "/mcp/write" {
                let (parts, body) = written.oneshot(request).await?.into_parts();
                return Ok(Response::from_parts(parts, Body::from(body.collect().await?.to_bytes())));
            }
            let state = request.extensions().get::<AuthState>().unwrap();
            Ok::<_, Infallible>(Response::new(Body::from(describe(state.oauth_token().unwrap()))))
        }
    });
    let mcp = ProtectedResourceLayer::new(resource).layer(mcp);
    let app = tower::service_fn(move |request: Request<Incoming>| {
        let mcp = mcp.clone();
        async move {
            if request.uri().path().starts_with("/mcp") {
                return Ok(mcp.oneshot(request).await?.map(http_body_util::Either::Left));
            }
            let status = if request.uri().path() == "/open" { 200 } else { 404 };
            let response = Response::builder().status(status).body(Body::from("open")).unwrap();
            Ok::<_, Infallible>(response.map(http_body_util::Either::Right))
        }
    });
    let app = ResourceMetadataLayer::new(resource).layer(app);
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = TowerToHyperService::new(app.clone());
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
}
