//! Page "Authorization".

use clerk_axum::{Clerk, ClerkLayer};

use crate::running::{Outcome, Running};

// ANCHOR: extractors
use axum::{Router, routing::get};
use clerk_axum::{Auth, OrgId, Session, UserId};

/// 401 without a session.
async fn me(Auth(user): Auth<UserId>) -> String {
    format!("you are {user}")
}

/// 403 for a signed-in user who has no organization active.
async fn team(Auth((user, organization)): Auth<(UserId, OrgId)>) -> String {
    format!("{user} of {organization}")
}

/// Signed-out users get the page, too.
async fn home(auth: Option<Auth<Session>>) -> String {
    match auth {
        Some(Auth(session)) => format!("hello {}", session.user_id()),
        None => "hello stranger".to_owned(),
    }
}

fn routes() -> Router {
    Router::new().route("/me", get(me)).route("/team", get(team)).route("/", get(home))
}
// ANCHOR_END: extractors

// ANCHOR: layer
use clerk_axum::{Policy, RequireAuthLayer, Reverification};

fn guarded() -> Router {
    let invoices = Policy::permission("org:invoices:read");
    let reports = Policy::plan("org:pro").and(Policy::feature("org:reports"));
    let danger = Policy::role("org:admin")
        .and(Policy::reverification(Reverification::Strict)) // the user has proved who they are in the last 10 minutes
        .and(Policy::not_impersonated());
    let require = RequireAuthLayer::new;
    Router::new()
        .route("/invoices", get(async || "invoices").route_layer(require(invoices)))
        .route("/reports", get(async || "reports").route_layer(require(reports)))
        .route("/danger", get(async || "gone").route_layer(require(danger)))
}
// ANCHOR_END: layer

// ANCHOR: handler
use axum::extract::Path;
use clerk_axum::AuthRejection;

async fn delete_invoice(Auth(session): Auth<Session>, Path(id): Path<u32>) -> Result<String, AuthRejection> {
    // ... look the invoice up ...
    session.require(&Policy::role("org:admin"))?;
    Ok(format!("{id} is deleted"))
}
// ANCHOR_END: handler

// ANCHOR: claims
use clerk_axum::CustomClaims;
use serde::Deserialize;

/// Added in the Clerk dashboard: Sessions, Customize session token.
#[derive(Deserialize)]
struct Claims {
    department: Option<String>,
}

async fn department(Auth(CustomClaims(claims)): Auth<CustomClaims<Claims>>) -> String {
    claims.department.unwrap_or_else(|| "none".to_owned())
}
// ANCHOR_END: claims

// ANCHOR: refusals
use clerk_axum::{Authenticator, clerk_core::adapter::HttpResponse};

/// Answers 404 where the caller is not allowed, so that the response does not say that the page exists.
fn hidden(clerk: Clerk) -> ClerkLayer {
    ClerkLayer::new(
        Authenticator::new(clerk)
            .refusals(|denied| (denied.status() == 403).then(|| HttpResponse::new(404).with_body("not found"))),
    )
}
// ANCHOR_END: refusals

fn app(clerk: Clerk) -> Router {
    routes()
        .merge(guarded())
        .route("/invoices/{id}", get(delete_invoice))
        .route("/department", get(department))
        .layer(ClerkLayer::new(clerk.clone()))
        .nest("/hidden", guarded().layer(hidden(clerk)))
}

#[tokio::test]
async fn extractors_answer_401_and_403() -> Outcome {
    let running = Running::start(app).await?;
    let (alice, carol) = (running.token("alice")?, running.token("carol")?); // Carol is in no organization
    for (path, token, status) in [
        ("/me", &*carol, 200),
        ("/me", "", 401),
        ("/team", &*alice, 200),
        ("/team", &*carol, 403),
        ("/team", "", 401),
        ("/", "", 200),
    ] {
        assert_eq!(running.status(path, token).await?, status, "{path} {token}");
    }
    assert_eq!(running.get("/", "").await?.body, "hello stranger");
    Ok(())
}

#[tokio::test]
async fn policies_are_checked_by_the_layer_and_in_the_handler() -> Outcome {
    let running = Running::start(app).await?;
    let origin = running.app.origin().to_owned();
    let user = |name: &str, role: &str| running.local.with_user(name).organization("acme", role);
    let reader = user("erin", "org:member").permission("org:invoices:read").token().authorized_party(&origin).mint();
    let member = user("frank", "org:member").token().authorized_party(&origin).mint();
    let paying = user("grace", "org:member").token().authorized_party(&origin);
    let paying = paying.claim("pla", "o:pro".into()).claim("fea", "o:reports".into()).mint();
    let admin = user("heidi", "org:admin").token().authorized_party(&origin);
    let recent = admin.clone().factor_ages(3, -1).mint();
    let old = admin.clone().factor_ages(11, -1).mint();
    let impersonated = admin.factor_ages(3, -1).impersonated_by("user_support").mint();
    for (path, token, status) in [
        ("/invoices", &*reader, 200),
        ("/invoices", &*member, 403),
        ("/invoices", "", 401),
        ("/hidden/invoices", &*reader, 200),
        ("/hidden/invoices", &*member, 404),
        ("/hidden/invoices", "", 401),
        ("/reports", &*paying, 200),
        ("/reports", &*member, 403),
        ("/danger", &*recent, 200),
        ("/danger", &*impersonated, 403),
        ("/danger", &*old, 403),
        ("/invoices/7", &*recent, 200),
        ("/invoices/7", &*member, 403),
        ("/invoices/7", "", 401),
        ("/department", &*member, 200),
    ] {
        assert_eq!(running.status(path, token).await?, status, "{path} {token}");
    }
    let refused = running.get("/danger", &old).await?;
    assert!(refused.body.contains("reverification-error"), "{refused:?}");
    Ok(())
}
