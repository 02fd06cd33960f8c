//! Page "Coming from another library".

use crate::running::{Outcome, Running};

// ANCHOR: express
use axum::{Router, routing::get};
use clerk_axum::{Auth, Clerk, ClerkLayer, Policy, RequireAuthLayer, UserId};

fn app(clerk: Clerk) -> Router {
    let me = async |Auth(user): Auth<UserId>| format!("you are {user}\n");
    let admins = RequireAuthLayer::new(Policy::role("org:admin"));
    Router::new()
        .route("/me", get(me))
        .route("/admin", get(async || "only admins see this\n").route_layer(admins))
        .layer(ClerkLayer::new(clerk))
}
// ANCHOR_END: express

#[tokio::test]
async fn it_answers_as_the_app_in_express() -> Outcome {
    let running = Running::start(app).await?;
    let (alice, bob) = (running.token("alice")?, running.token("bob")?);
    for (path, token, status) in
        [("/me", &*bob, 200), ("/me", "", 401), ("/admin", &*alice, 200), ("/admin", &*bob, 403)]
    {
        assert_eq!(running.status(path, token).await?, status, "{path} {token}");
    }
    Ok(())
}
