//! Routes whose handlers take the current user or organization from the Backend API, in three frameworks.
//!
//! | path | the handler takes |
//! |---|---|
//! | `/me` | the signed-in user |
//! | `/maybe` | the signed-in user, or `None` |
//! | `/twice` | the signed-in user, two times |
//! | `/organization` | the active organization |
//! | `/unlayered/...` | the same; the layer with the source is missing, which is a mistake |

use std::{convert::Infallible, net::SocketAddr, sync::Arc};

use actix_web::{App, HttpServer, web};
use bytes::Bytes;
use clerk_api::{CurrentSource, users::User};
use clerk_core::{Clerk, Denied};
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tower::{Layer, ServiceExt};

use crate::harness::Framework;

fn greeting(user: &User) -> String {
    format!("{} {}", user.id, user.first_name.as_deref().unwrap_or_default())
}

/// Starts a server whose handlers use this source; it runs until the caller's runtime ends.
pub fn serve(framework: Framework, clerk: &Clerk, current: &CurrentSource) -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    match framework {
        Framework::Actix => actix(listener, clerk.clone(), current.clone()),
        Framework::Axum => axum(listener, clerk.clone(), current.clone()),
        Framework::Tower => tower(listener, clerk.clone(), current.clone()),
    }
    address
}

fn axum(listener: std::net::TcpListener, clerk: Clerk, current: CurrentSource) {
    use axum::{Router, routing::get};
    use clerk_axum::{ClerkLayer, CurrentLayer, CurrentOrganization, CurrentUser};
    let routes = || {
        Router::new()
            .route("/me", get(async |CurrentUser(user): CurrentUser| greeting(&user)))
            .route(
                "/maybe",
                get(async |user: Option<CurrentUser>| {
                    user.map_or("signed out".to_owned(), |CurrentUser(user)| greeting(&user))
                }),
            )
            .route(
                "/twice",
                get(async |CurrentUser(one): CurrentUser, CurrentUser(other): CurrentUser| {
                    assert!(Arc::ptr_eq(&one, &other));
                    greeting(&one)
                }),
            )
            .route(
                "/organization",
                get(async |CurrentOrganization(organization): CurrentOrganization| organization.name.clone()),
            )
    };
    let app = routes().layer(CurrentLayer::new(current)).nest("/unlayered", routes()).layer(ClerkLayer::new(clerk));
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
}

fn actix(listener: std::net::TcpListener, clerk: Clerk, current: CurrentSource) {
    use clerk_actix::{ClerkMiddleware, CurrentMiddleware, CurrentOrganization, CurrentUser, MaybeCurrentUser};
    fn routes(config: &mut web::ServiceConfig) {
        config
            .route("/me", web::get().to(async |CurrentUser(user): CurrentUser| greeting(&user)))
            .route(
                "/maybe",
                web::get().to(async |MaybeCurrentUser(user): MaybeCurrentUser| {
                    user.map_or("signed out".to_owned(), |user| greeting(&user))
                }),
            )
            .route(
                "/twice",
                web::get().to(async |CurrentUser(one): CurrentUser, CurrentUser(other): CurrentUser| {
                    assert!(Arc::ptr_eq(&one, &other));
                    greeting(&one)
                }),
            )
            .route(
                "/organization",
                web::get().to(async |CurrentOrganization(organization): CurrentOrganization| organization.name.clone()),
            );
    }
    crate::actix_server::run(move || {
        let app = move || {
            App::new()
                .service(web::scope("/unlayered").configure(routes))
                .service(web::scope("").wrap(CurrentMiddleware::new(&current)).configure(routes))
                .wrap(ClerkMiddleware::new(clerk.clone()))
        };
        HttpServer::new(app).workers(4).disable_signals().listen(listener).unwrap().run()
    });
}

fn tower(listener: std::net::TcpListener, clerk: Clerk, current: CurrentSource) {
    use clerk_tower::{ClerkLayer, CurrentLayer, current_organization, current_user};
    async fn handle(request: &Request<Incoming>) -> Result<String, Denied> {
        let extensions = request.extensions();
        Ok(match request.uri().path().trim_start_matches("/unlayered") {
            "/me" => greeting(&*current_user(extensions).await?),
            "/maybe" => match current_user(extensions).await {
                Err(denied) if denied.is_unauthenticated() => "signed out".to_owned(),
                user => greeting(&*user?),
            },
            "/twice" => {
                let (one, other) = (current_user(extensions).await?, current_user(extensions).await?);
                assert!(Arc::ptr_eq(&one, &other));
                greeting(&one)
            }
            _ => current_organization(extensions).await?.name.clone(),
        })
    }
    async fn respond(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
        let text = handle(&request).await;
        Ok(text.map_or_else(|denied| clerk_tower::refusal(&denied), |text| Response::new(Full::from(text))))
    }
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    let clerk = ClerkLayer::new(clerk);
    let layered = clerk.layer(CurrentLayer::new(current).layer(tower::service_fn(respond)));
    let unlayered = clerk.layer(tower::service_fn(respond));
    let service = tower::service_fn(move |request: Request<Incoming>| {
        let (layered, unlayered) = (layered.clone(), unlayered.clone());
        async move {
            match request.uri().path().starts_with("/unlayered") {
                true => unlayered.oneshot(request).await,
                false => layered.oneshot(request).await,
            }
        }
    });
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = TowerToHyperService::new(service.clone());
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
}
