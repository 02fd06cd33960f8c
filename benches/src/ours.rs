//! Our crates, and the same handlers without authentication.

use std::sync::Arc;

use actix_web::{HttpMessage, dev::Service, web::ReqData};
use clerk_axum::{Clerk, UserId, clerk_core::time::SystemClock};

use crate::{
    fixture::Fixture,
    subject::{Actix, Subject, Tower},
};

/// A `Clerk` that fetches its keys from the endpoint.
pub fn clerk(fixture: &Fixture) -> Clerk {
    builder(fixture).build().unwrap()
}

/// The same without the cache of verified tokens.
pub fn clerk_without_cache(fixture: &Fixture) -> Clerk {
    builder(fixture).token_cache(0).build().unwrap()
}

pub fn builder(fixture: &Fixture) -> clerk_axum::clerk_core::ClerkBuilder {
    // The system's clock, as in production; the instance's clock is adjustable.
    fixture.local.clerk_builder().unwrap().api_url(&fixture.endpoint.url).unwrap().clock(Arc::new(SystemClock))
}

pub fn axum_router(clerk: Clerk) -> axum::Router {
    async fn me(clerk_axum::Auth(user): clerk_axum::Auth<UserId>) -> &'static str {
        std::hint::black_box(user);
        "hello"
    }
    let layer = clerk_axum::ClerkLayer::new(clerk);
    axum::Router::new().route("/me", axum::routing::get(me)).layer(layer).with_state(())
}

/// The same for a route that does not require a signed-in user.
pub fn axum_with_optional_auth(clerk: Clerk) -> axum::Router {
    async fn me(user: Option<clerk_axum::Auth<UserId>>) -> &'static str {
        std::hint::black_box(user);
        "hello"
    }
    let layer = clerk_axum::ClerkLayer::new(clerk);
    axum::Router::new().route("/me", axum::routing::get(me)).layer(layer).with_state(())
}

pub fn axum_without_auth() -> axum::Router {
    axum::Router::new().route("/me", axum::routing::get(async || "hello")).with_state(())
}

/// A layer that does nothing, to measure the cost of a layer in axum.
pub fn axum_with_idle_layer() -> axum::Router {
    let layer = tower::layer::util::Identity::new();
    axum::Router::new().route("/me", axum::routing::get(async || "hello")).layer(layer).with_state(())
}

/// axum's own layer and extractor, to measure the cost of passing a value to a handler.
pub fn axum_with_extension() -> axum::Router {
    async fn me(axum::Extension(user): axum::Extension<Arc<str>>) -> &'static str {
        std::hint::black_box(user);
        "hello"
    }
    let layer = axum::Extension(Arc::<str>::from("user_1"));
    axum::Router::new().route("/me", axum::routing::get(me)).layer(layer).with_state(())
}

pub fn axum(router: axum::Router) -> Box<dyn Subject> {
    Box::new(Tower::<_, axum::body::Body>::new(router))
}

pub async fn actix_without_auth() -> Box<dyn Subject> {
    async fn me() -> &'static str {
        "hello"
    }
    let app = actix_web::App::new().route("/me", actix_web::web::get().to(me));
    Box::new(Actix::new(actix_web::test::init_service(app).await))
}

/// The same for actix.
pub async fn actix_with_extension() -> Box<dyn Subject> {
    async fn me(user: ReqData<Arc<str>>) -> &'static str {
        std::hint::black_box(user.into_inner());
        "hello"
    }
    let user = Arc::<str>::from("user_1");
    let app = actix_web::App::new()
        .wrap_fn(move |request, service| {
            request.extensions_mut().insert(Arc::clone(&user));
            service.call(request)
        })
        .route("/me", actix_web::web::get().to(me));
    Box::new(Actix::new(actix_web::test::init_service(app).await))
}

pub async fn actix(clerk: Clerk) -> Box<dyn Subject> {
    async fn me(clerk_actix::Auth(user): clerk_actix::Auth<UserId>) -> &'static str {
        std::hint::black_box(user);
        "hello"
    }
    let middleware = clerk_actix::ClerkMiddleware::new(clerk);
    let app = actix_web::App::new().wrap(middleware).route("/me", actix_web::web::get().to(me));
    Box::new(Actix::new(actix_web::test::init_service(app).await))
}
