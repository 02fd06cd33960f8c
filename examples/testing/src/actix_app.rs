//! The app in actix.

use actix_web::{HttpResponse, web};
use clerk_actix::{Auth, ConfigError, Policy, RequireAuth, Session};
use serde_json::json;

/// The app's routes, for use inside a `ClerkMiddleware`.
///
/// # Errors
/// Never: the policy's role is valid.
pub fn routes() -> Result<impl FnOnce(&mut web::ServiceConfig), ConfigError> {
    let only_admins = RequireAuth::new(Policy::role("org:admin"));
    Ok(move |config: &mut web::ServiceConfig| {
        config
            .route("/me", web::get().to(me))
            .service(web::resource("/invoices").wrap(only_admins).get(async || "one invoice\n"));
    })
}

async fn me(Auth(session): Auth<Session>) -> HttpResponse {
    HttpResponse::Ok().json(json!({"user": session.user_id(), "organization": session.org_id()}))
}
