//! The routes in axum.

use axum::{
    Router,
    routing::{any, get},
};
use clerk_axum::{
    ApiKey, Auth, Authenticator, Caller, ClerkLayer, CustomClaims, OrgId, Policy, RequireAuthLayer, Session, UserId,
};

use super::{Custom, policies};

fn routes() -> Router {
    policies()
        .into_iter()
        .fold(Router::new(), |router, (name, requirement)| {
            let guarded = any(async || "allowed").layer(RequireAuthLayer::new(requirement));
            router.route(&format!("/policy/{name}"), guarded)
        })
        .route("/caller", get(async |Auth(caller): Auth<Caller>| caller.token_type().as_str()))
        .route("/me", get(async |Auth(user): Auth<UserId>| user.to_string()))
        .route(
            "/maybe",
            get(async |auth: Option<Auth<Session>>| {
                auth.map_or("signed out".to_owned(), |Auth(session)| session.user_id().to_string())
            }),
        )
        .route("/machine", get(async |Auth(key): Auth<ApiKey>| key.subject().to_owned()))
        .route("/organization", get(async |Auth((_, organization)): Auth<(UserId, OrgId)>| organization.to_string()))
        .route("/admin", get(async || "admin").route_layer(RequireAuthLayer::new(Policy::role("org:admin"))))
        .route(
            "/custom",
            get(async |Auth(CustomClaims(claims)): Auth<CustomClaims<Custom>>| claims.favourite_number.to_string()),
        )
}

pub fn serve(listener: std::net::TcpListener, authenticator: Authenticator) {
    let app = routes().layer(ClerkLayer::new(authenticator)).nest("/unlayered", routes());
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
}
