//! An axum API that a front end at another origin calls: `cargo run -p example-cors`.

use std::{error::Error, io::Write, process::ExitCode};

use axum::{
    Router,
    http::{HeaderValue, Method, header},
    routing::get,
};
use clerk_axum::{Auth, ClerkLayer, Policy, RequireAuthLayer, UserId};
use example_cors::Demo;
use example_site::Site;
use tower_http::cors::CorsLayer;

async fn me(Auth(user): Auth<UserId>) -> String {
    format!("you are {user}")
}

fn app(demo: &Demo) -> Result<Router, Box<dyn Error>> {
    let cors = CorsLayer::new()
        .allow_origin(demo.front_end().parse::<HeaderValue>()?)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers([header::WWW_AUTHENTICATE]);
    Ok(Router::new()
        .route("/me", get(me).post(me))
        .layer(RequireAuthLayer::new(Policy::signed_in()))
        .layer(ClerkLayer::new(demo.clerk().clone()))
        // Last, and so outermost: answers preflight requests, which have no token, and makes error responses readable.
        .layer(cors))
}

async fn run() -> Result<(), Box<dyn Error>> {
    let port = Site::port()?;
    let listener = tokio::net::TcpListener::from_std(Site::listen(port)?)?;
    let demo = Demo::start(port).await?;
    let app = app(&demo)?;
    write!(std::io::stdout(), "{}", demo.instructions()?)?;
    axum::serve(listener, app).await?;
    Ok(())
}

#[tokio::main]
async fn main() -> ExitCode {
    example_site::init_logs();
    let Err(error) = run().await else { return ExitCode::SUCCESS };
    let _ = writeln!(std::io::stderr(), "error: {error}");
    ExitCode::FAILURE
}
