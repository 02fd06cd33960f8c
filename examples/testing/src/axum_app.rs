//! The app in axum: an API, a page, and webhooks.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Extension, Json, Router,
    routing::{get, post},
};
use clerk_axum::{
    Auth, Clerk, ClerkLayer, ConfigError, Policy, RequireAuthLayer, Session, UserId,
    webhook::{Event, EventData, Webhook, WebhookEndpoint, WebhookLayer},
};
use serde_json::{Value, json};

/// The ids of the users that webhooks have reported; the app's database, so to speak.
#[derive(Debug, Clone, Default)]
pub struct Users(Arc<Mutex<BTreeSet<String>>>);

impl Users {
    /// Whether a user was created, and not deleted.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(id)
    }

    fn keep(&self, id: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
    }

    fn forget(&self, id: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}

/// The app, authenticated by this `Clerk`.
///
/// # Errors
/// When the `Clerk` has no keys for pages, or no signing secret for webhooks.
pub fn app(clerk: Clerk, users: Users) -> Result<Router, ConfigError> {
    let only_admins = RequireAuthLayer::new(Policy::role("org:admin"));
    let api = Router::new()
        .route("/me", get(me))
        .route("/invoices", get(async || "one invoice\n").route_layer(only_admins))
        .layer(ClerkLayer::new(clerk.clone()));
    let pages = Router::new().route("/dashboard", get(dashboard)).layer(ClerkLayer::pages(clerk.clone())?);
    let webhooks = WebhookLayer::new(WebhookEndpoint::new(&clerk)?);
    let webhooks = Router::new().route("/webhooks", post(sync).layer(webhooks));
    Ok(api.merge(pages).merge(webhooks).layer(Extension(users)))
}

async fn me(Auth(session): Auth<Session>) -> Json<Value> {
    Json(json!({"user": session.user_id(), "organization": session.org_id()}))
}

async fn dashboard(Auth(user): Auth<UserId>) -> String {
    format!("the dashboard of {user}\n")
}

async fn sync(Extension(users): Extension<Users>, Webhook(event): Webhook<Event>) {
    match event.data {
        EventData::UserCreated(user) => users.keep(user.id.to_string()),
        EventData::UserDeleted(user) => user.id.iter().for_each(|id| users.forget(id.as_ref())),
        _ => {}
    }
}
