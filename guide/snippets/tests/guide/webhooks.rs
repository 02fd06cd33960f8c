//! Page "Webhooks and a users table".

#[path = "webhooks_actix.rs"]
mod actix; // a child, so that it sees the table

use crate::running::{Outcome, Running};

// ANCHOR: table
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use clerk_axum::clerk_core::time::Timestamp;

/// One row for each user, deleted ones too. A map here; a table with the columns `id`, `email`, `updated_at`, `deleted`.
#[derive(Clone, Default)]
struct Users(Arc<Mutex<HashMap<String, Row>>>);

#[derive(Clone, Default, PartialEq)]
struct Row {
    email: Option<String>,
    updated_at: Option<Timestamp>,
    deleted: bool,
}

impl Users {
    // insert into users (id, email, updated_at) values ($1, $2, $3)
    // on conflict (id) do update set email = $2, updated_at = $3
    // where not users.deleted and (users.updated_at is null or users.updated_at <= $3)
    fn keep(&self, id: &str, row: Row) {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = rows.entry(id.to_owned()).or_default();
        if !known.deleted && known.updated_at <= row.updated_at {
            *known = row;
        }
    } // insert into users (id, deleted) values ($1, true)
    // on conflict (id) do update set deleted = true, email = null
    fn forget(&self, id: &str) {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rows.insert(id.to_owned(), Row { deleted: true, ..Row::default() });
    }
}
// ANCHOR_END: table

// ANCHOR: handler
use axum::{Extension, Router, routing::post};
use clerk_axum::{
    Clerk, ConfigError,
    webhook::{Event, EventData, InMemoryDedupe, Webhook, WebhookEndpoint, WebhookLayer},
};

async fn sync(Extension(users): Extension<Users>, Webhook(event): Webhook<Event>) {
    match event.data {
        EventData::UserCreated(user) | EventData::UserUpdated(user) => {
            let email = user.primary_email_address().map(|email| email.email_address.clone());
            users.keep(user.id.as_ref(), Row { email, updated_at: Some(user.updated_at), deleted: false });
        }
        EventData::UserDeleted(user) => user.id.iter().for_each(|id| users.forget(id.as_ref())),
        _ => {} // 200: after another status Clerk sends the webhook again
    }
}

fn app(clerk: &Clerk, users: Users) -> Result<Router, ConfigError> {
    let endpoint = WebhookEndpoint::new(clerk)?.dedupe(InMemoryDedupe::default());
    Ok(Router::new().route("/webhooks/clerk", post(sync).layer(WebhookLayer::new(endpoint))).layer(Extension(users)))
}
// ANCHOR_END: handler

impl Users {
    fn row(&self, id: &str) -> Option<Row> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }
}

#[tokio::test]
async fn webhooks_keep_the_table_in_step() -> Outcome {
    let users = Users::default();
    let running = Running::start(|clerk| app(&clerk, users.clone())).await?;
    let (local, app) = (&running.local, &running.app);
    local.add_webhook_endpoint(&app.url("/webhooks/clerk"))?;
    let erin = local.create_user("erin", "Erin Evans").id;
    assert!(local.wait_for_webhooks().await, "{:?}", local.webhook_messages());
    assert!(users.row(&erin).is_some_and(|row| !row.deleted));
    local.delete_user("erin")?;
    assert!(local.wait_for_webhooks().await);
    assert!(users.row(&erin).is_some_and(|row| row.deleted));
    let forged = app.post("/webhooks/clerk").json(&serde_json::json!({"type": "user.created"})).send().await?;
    assert_eq!(forged.status, 400, "without a signature");
    Ok(())
}

#[test]
fn an_old_update_and_one_after_the_deletion_change_nothing() {
    let users = Users::default();
    let row = |email: &str, at: i64| Row {
        email: Some(email.to_owned()),
        updated_at: Some(Timestamp::from_unix_millis(at)),
        deleted: false,
    };
    let email = || users.row("user_1").and_then(|row| row.email);
    users.keep("user_1", row("new@example.com", 2));
    users.keep("user_1", row("old@example.com", 1));
    assert_eq!(email().as_deref(), Some("new@example.com"));
    users.forget("user_1");
    users.keep("user_1", row("late@example.com", 3));
    assert_eq!(email(), None);
}
