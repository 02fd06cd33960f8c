//! The console: pages for the developer at this machine, and the same in JSON for programs.

mod api;
mod home;
mod mint;
mod organization;
mod outbox;
mod page;
mod requests;
mod settings;
mod user;
mod webhooks;

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post},
};

use crate::shared::Shared;

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/", get(home::page))
        .route("/users/{id}", get(user::page).post(user::submit))
        .route("/organizations/{id}", get(organization::page))
        .route("/mint", get(mint::page))
        .route("/outbox", get(outbox::page))
        .route("/requests", get(requests::page))
        .route("/settings", get(settings::page).post(settings::submit))
        .route("/webhooks", get(webhooks::page).post(webhooks::redeliver))
        .route("/local/outbox", get(api::outbox))
        .route("/local/users", get(api::users))
        .route("/local/tokens", post(api::token))
}
