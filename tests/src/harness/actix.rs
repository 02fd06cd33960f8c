//! The routes in actix, with four workers that share one `Clerk`.

use actix_web::{App, HttpServer, web};
use clerk_actix::{
    ApiKey, Auth, Authenticator, Caller, ClerkMiddleware, CustomClaims, MaybeAuth, OrgId, Policy, RequireAuth, Session,
    UserId,
};

use super::{Custom, policies};

fn routes(config: &mut web::ServiceConfig) {
    for (name, requirement) in policies() {
        let guarded = web::resource(format!("/policy/{name}")).wrap(RequireAuth::new(requirement));
        config.service(guarded.to(async || "allowed"));
    }
    config
        .route("/me", web::get().to(async |Auth(user): Auth<UserId>| user.to_string()))
        .route(
            "/maybe",
            web::get().to(async |MaybeAuth(session): MaybeAuth<Session>| {
                session.map_or("signed out".to_owned(), |session| session.user_id().to_string())
            }),
        )
        .route("/caller", web::get().to(async |Auth(caller): Auth<Caller>| caller.token_type().as_str()))
        .route("/machine", web::get().to(async |Auth(key): Auth<ApiKey>| key.subject().to_owned()))
        .route(
            "/organization",
            web::get().to(async |Auth((_, organization)): Auth<(UserId, OrgId)>| organization.to_string()),
        )
        .service(web::resource("/admin").wrap(RequireAuth::new(Policy::role("org:admin"))).to(async || "admin"))
        .route(
            "/custom",
            web::get()
                .to(async |Auth(CustomClaims(claims)): Auth<CustomClaims<Custom>>| claims.favourite_number.to_string()),
        );
}

pub fn serve(listener: std::net::TcpListener, authenticator: Authenticator) {
    crate::actix_server::run(move || {
        let app = move || {
            App::new()
                .service(web::scope("/unlayered").configure(routes))
                .service(web::scope("").wrap(ClerkMiddleware::new(authenticator.clone())).configure(routes))
        };
        HttpServer::new(app).workers(4).disable_signals().listen(listener).unwrap().run()
    });
}
