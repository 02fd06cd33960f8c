//! Page "My own user as an extractor", actix.

use actix_web::test::{TestRequest, call_service, init_service};
use clerk_local::LocalClerk;

use crate::running::Outcome;

/// Knows one user.
struct Database {
    id: String,
}

impl Database {
    async fn find_user(&self, id: &UserId) -> Option<User> {
        (id.as_str() == self.id).then(|| User { id: id.clone() })
    }
}

struct User {
    id: UserId,
}

// ANCHOR: extractor
use std::{future::Future, pin::Pin};

use actix_web::{Error, FromRequest, HttpRequest, dev::Payload, error::ErrorForbidden, web};
use clerk_actix::{Auth, UserId};

impl FromRequest for User {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let auth = Auth::<UserId>::from_request(request, payload);
        let database = request.app_data::<web::Data<Database>>().cloned();
        Box::pin(async move {
            let Auth(id) = auth.await?; // 401, 403 or 503, as everywhere
            let user = match database {
                Some(database) => database.find_user(&id).await,
                None => None,
            };
            user.ok_or_else(|| ErrorForbidden("")) // signed in, but not one of ours
        })
    }
}
// ANCHOR_END: extractor

#[actix_web::test]
async fn only_known_users_are_greeted() -> Outcome {
    let local = LocalClerk::start().await?;
    let database = web::Data::new(Database { id: local.user("alice").ok_or("no user")?.id });
    let app = actix_web::App::new()
        .app_data(database)
        .route("/hello", web::get().to(async |user: User| user.id.to_string()))
        .wrap(clerk_actix::ClerkMiddleware::new(local.clerk_builder()?.build()?));
    let app = init_service(app).await;
    for (token, status) in
        [(local.token("alice")?.mint(), 200), (local.token("bob")?.mint(), 403), ("x".to_owned(), 401)]
    {
        let request = TestRequest::get().uri("/hello").insert_header(("authorization", format!("Bearer {token}")));
        assert_eq!(call_service(&app, request.to_request()).await.status().as_u16(), status);
    }
    Ok(())
}
