//! Alternatives for a Rust service, each set up as its own documentation shows.

use std::sync::Arc;

use axum::{Extension, Router, routing::get};

use crate::{
    fixture::Fixture,
    ours::axum,
    subject::{Actix, Subject, Tower},
};

pub const CLERK_RS: &str = "clerk-rs 0.5";
pub const JWT_AUTHORIZER: &str = "jwt-authorizer 0.15";
pub const AXUM_JWT_AUTH: &str = "axum-jwt-auth 0.7";
pub const KEYCLOAK: &str = "axum-keycloak-auth 0.8";
pub const DIOXUS_CLERK: &str = "dioxus-clerk 0.8";
pub const HTTPAUTH: &str = "httpauth 0.8 + jsonwebtoken 11";

#[derive(Clone, serde::Serialize, serde::Deserialize)]
pub struct Claims {
    pub sub: String,
    pub exp: u64,
}

fn clerk_rs_keys(fixture: &Fixture) -> clerk_rs::validators::jwks::MemoryCacheJwksProvider {
    let configuration =
        clerk_rs::ClerkConfiguration::new("sk_test_bench").with_base_path(format!("{}/v1", fixture.endpoint.url));
    clerk_rs::validators::jwks::MemoryCacheJwksProvider::new(clerk_rs::clerk::Clerk::new(configuration))
}

// ANCHOR: clerk_rs
pub fn clerk_rs_router(fixture: &Fixture) -> Router {
    async fn me(Extension(jwt): Extension<clerk_rs::validators::authorizer::ClerkJwt>) -> &'static str {
        std::hint::black_box(jwt.sub);
        "hello"
    }
    let layer = clerk_rs::validators::axum::ClerkLayer::new(clerk_rs_keys(fixture), None, true);
    Router::new().route("/me", get(me)).layer(layer).with_state(())
}
// ANCHOR_END: clerk_rs

pub async fn clerk_rs_actix(fixture: &Fixture) -> Box<dyn Subject> {
    async fn me() -> &'static str {
        "hello"
    }
    let middleware = clerk_rs::validators::actix::ClerkMiddleware::new(clerk_rs_keys(fixture), None, true);
    let app = actix_web::App::new().wrap(middleware).route("/me", actix_web::web::get().to(me));
    Box::new(Actix::new(actix_web::test::init_service(app).await))
}

// ANCHOR: jwt_authorizer
pub async fn jwt_authorizer(fixture: &Fixture) -> axum07::Router {
    use jwt_authorizer::IntoLayer;
    async fn me(
        jwt_authorizer::JwtClaims(user): jwt_authorizer::JwtClaims<jwt_authorizer::RegisteredClaims>,
    ) -> &'static str {
        std::hint::black_box(user.sub);
        "hello"
    }
    let authorizer: jwt_authorizer::Authorizer =
        jwt_authorizer::JwtAuthorizer::from_jwks_url(&format!("{}/jwks", fixture.endpoint.url)).build().await.unwrap();
    axum07::Router::new().route("/me", axum07::routing::get(me)).layer(authorizer.into_layer()).with_state(())
}
// ANCHOR_END: jwt_authorizer

pub fn axum07(router: axum07::Router) -> Box<dyn Subject> {
    Box::new(Tower::<_, axum07::body::Body>::new(router))
}

pub async fn axum_jwt_auth_router(fixture: &Fixture) -> Router {
    async fn me(user: axum_jwt_auth::Claims<Claims>) -> &'static str {
        std::hint::black_box(user.claims.sub);
        "hello"
    }
    let mut validation = jsonwebtoken10::Validation::new(jsonwebtoken10::Algorithm::RS256);
    validation.validate_aud = false;
    let decoder = axum_jwt_auth::RemoteJwksDecoder::builder()
        .jwks_url(format!("{}/jwks", fixture.endpoint.url))
        .validation(validation)
        .build()
        .unwrap();
    let decoder = Arc::new(decoder);
    // Keeps the background task alive until the process ends.
    std::mem::forget(decoder.initialize().await.unwrap());
    let state: axum_jwt_auth::Decoder<Claims> = decoder;
    Router::new().route("/me", get(me)).with_state(state)
}

pub async fn keycloak_router(fixture: &Fixture) -> Router {
    use axum_keycloak_auth::{
        PassthroughMode,
        instance::{KeycloakAuthInstance, KeycloakConfig},
        layer::KeycloakAuthLayer,
    };
    let config = KeycloakConfig::builder()
        .server(axum_keycloak_auth::Url::parse(&fixture.endpoint.url).unwrap())
        .realm("bench".to_owned())
        .build();
    let layer = KeycloakAuthLayer::<String, serde_json::Value>::builder()
        .instance(KeycloakAuthInstance::new(config))
        .passthrough_mode(PassthroughMode::Block)
        .expected_audiences(vec![])
        .build();
    Router::new().route("/me", get(async || "hello")).layer(layer).with_state(())
}

pub fn dioxus_clerk_router(fixture: &Fixture) -> Router {
    async fn me(auth: dioxus_clerk::server::ClerkAuth) -> &'static str {
        std::hint::black_box(auth);
        "hello"
    }
    let config = dioxus_clerk::server::ClerkAuthLayerConfig::new("sk_test_bench")
        .with_insecure_backend_api_base_url(format!("{}/v1", fixture.endpoint.url));
    let layer = dioxus_clerk::server::ClerkAuthLayer::from_config(config).unwrap();
    Router::new().route("/me", get(me)).layer(layer).with_state(())
}

/// A hand-written check for actix. The key is parsed once.
pub async fn httpauth(fixture: &Fixture) -> Box<dyn Subject> {
    use actix_web_httpauth::{extractors::bearer::BearerAuth, middleware::HttpAuthentication};
    async fn me() -> &'static str {
        "hello"
    }
    let key = jsonwebtoken::DecodingKey::from_rsa_pem(fixture.local.jwt_key_pem().as_bytes()).unwrap();
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
    validation.validate_aud = false;
    let validator = move |request: actix_web::dev::ServiceRequest, bearer: BearerAuth| {
        let claims = jsonwebtoken::decode::<Claims>(bearer.token(), &key, &validation);
        std::future::ready(match claims {
            Ok(_) => Ok(request),
            Err(_) => Err((actix_web::error::ErrorUnauthorized("no"), request)),
        })
    };
    let app =
        actix_web::App::new().wrap(HttpAuthentication::bearer(validator)).route("/me", actix_web::web::get().to(me));
    Box::new(Actix::new(actix_web::test::init_service(app).await))
}

/// Every peer on axum, by name.
pub async fn all(fixture: &Fixture) -> Vec<(&'static str, Box<dyn Subject>)> {
    vec![
        (CLERK_RS, axum(clerk_rs_router(fixture))),
        (JWT_AUTHORIZER, axum07(jwt_authorizer(fixture).await)),
        (KEYCLOAK, axum(keycloak_router(fixture).await)),
        (AXUM_JWT_AUTH, axum(axum_jwt_auth_router(fixture).await)),
        (DIOXUS_CLERK, axum(dioxus_clerk_router(fixture))),
    ]
}
