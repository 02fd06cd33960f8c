//! Page "My own user as an extractor".

use crate::running::{Outcome, Running};

// ANCHOR: database
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use clerk_axum::UserId;

/// Your database; a map here.
#[derive(Clone, Default)]
struct Database(Arc<Mutex<HashMap<String, String>>>);

impl Database {
    async fn find_user(&self, id: &UserId) -> Option<User> {
        let names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        names.get(id.as_str()).map(|name| User { id: id.clone(), name: name.clone() })
    }
}

struct User {
    id: UserId,
    name: String,
}
// ANCHOR_END: database

// ANCHOR: extractor
use axum::{
    extract::{FromRef, FromRequestParts},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use clerk_axum::Auth;

impl<S: Send + Sync> FromRequestParts<S> for User
where
    Database: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let auth = Auth::<UserId>::from_request_parts(parts, state).await;
        let Auth(id) = auth.map_err(IntoResponse::into_response)?; // 401, 403 or 503, as everywhere
        let user = Database::from_ref(state).find_user(&id).await;
        user.ok_or_else(|| StatusCode::FORBIDDEN.into_response()) // signed in, but not one of ours
    }
}
// ANCHOR_END: extractor

// ANCHOR: app
use axum::{Router, routing::get};
use clerk_axum::{Clerk, ClerkLayer};

async fn hello(user: User) -> String {
    format!("hello {}, you are {}", user.name, user.id)
}

fn app(clerk: Clerk, database: Database) -> Router {
    Router::new().route("/hello", get(hello)).layer(ClerkLayer::new(clerk)).with_state(database)
}
// ANCHOR_END: app

#[tokio::test]
async fn only_known_users_are_greeted() -> Outcome {
    let database = Database::default();
    let running = Running::start(|clerk| app(clerk, database.clone())).await?;
    let alice = running.local.user("alice").ok_or("no user")?.id;
    database.0.lock().unwrap_or_else(PoisonError::into_inner).insert(alice, "Alice".to_owned());
    let response = running.get("/hello", &running.token("alice")?).await?;
    assert!(response.body.starts_with("hello Alice, you are user_"), "{response:?}");
    assert_eq!(running.status("/hello", &running.token("bob")?).await?, 403);
    assert_eq!(running.status("/hello", "").await?, 401);
    Ok(())
}

// ANCHOR: current_user
use clerk_axum::{CurrentLayer, CurrentUser};

async fn greeting(CurrentUser(user): CurrentUser) -> String {
    format!("hello {}", user.first_name.as_deref().unwrap_or("you"))
}

fn greeting_app(clerk: Clerk) -> Router {
    Router::new().route("/greeting", get(greeting)).layer(CurrentLayer::new(&clerk)).layer(ClerkLayer::new(clerk))
}
// ANCHOR_END: current_user

#[tokio::test]
async fn the_user_of_the_api_is_greeted() -> Outcome {
    let running = Running::start(greeting_app).await?;
    assert_eq!(running.get("/greeting", &running.token("alice")?).await?.body, "hello Alice");
    assert_eq!(running.status("/greeting", "").await?, 401);
    Ok(())
}
