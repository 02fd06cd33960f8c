//! Our crates, and the same handlers without any authentication.

use clerk_axum::{Clerk, UserId};

use crate::{
    fixture::Fixture,
    subject::{Actix, Subject, Tower},
};

/// An instance's handle that fetches its keys from the endpoint.
pub fn clerk(fixture: &Fixture) -> Clerk {
    builder(fixture).build().unwrap()
}

/// The same without memory of verified tokens.
pub fn without_cache(fixture: &Fixture) -> Clerk {
    builder(fixture).token_cache(0).build().unwrap()
}

pub fn builder(fixture: &Fixture) -> clerk_axum::core::ClerkBuilder {
    fixture.local.clerk_builder().unwrap().api_url(&fixture.endpoint.url).unwrap()
}

pub fn axum_router(clerk: Clerk) -> axum::Router {
    async fn me(clerk_axum::Auth(user): clerk_axum::Auth<UserId>) -> &'static str {
        std::hint::black_box(user);
        "hello"
    }
    let layer = clerk_axum::ClerkLayer::new(clerk);
    axum::Router::new().route("/me", axum::routing::get(me)).layer(layer).with_state(())
}

pub fn axum_without_auth() -> axum::Router {
    axum::Router::new().route("/me", axum::routing::get(async || "hello")).with_state(())
}

/// A layer that does nothing: what axum itself takes for having one.
pub fn axum_with_idle_layer() -> axum::Router {
    let layer = tower::layer::util::Identity::new();
    axum::Router::new().route("/me", axum::routing::get(async || "hello")).layer(layer).with_state(())
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

pub async fn actix(clerk: Clerk) -> Box<dyn Subject> {
    async fn me(clerk_actix::Auth(user): clerk_actix::Auth<UserId>) -> &'static str {
        std::hint::black_box(user);
        "hello"
    }
    let middleware = clerk_actix::ClerkMiddleware::new(clerk);
    let app = actix_web::App::new().wrap(middleware).route("/me", actix_web::web::get().to(me));
    Box::new(Actix::new(actix_web::test::init_service(app).await))
}
