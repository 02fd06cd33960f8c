//! An actix API that a front end at another origin calls: `cargo run -p example-cors --bin cors-actix`.

use std::{error::Error, io::Write, process::ExitCode};

use actix_cors::Cors;
use actix_web::{App, HttpServer, http::header, web};
use clerk_actix::{Auth, ClerkMiddleware, Policy, RequireAuth, UserId};
use example_cors::Demo;
use example_site::Site;

async fn me(Auth(user): Auth<UserId>) -> String {
    format!("you are {user}")
}

async fn run() -> Result<(), Box<dyn Error>> {
    let port = Site::port()?;
    let listener = Site::listen(port)?;
    let demo = Demo::start(port).await?;
    write!(std::io::stdout(), "{}", demo.instructions()?)?;
    let (clerk, front_end) = (demo.clerk().clone(), demo.front_end());
    let app = move || {
        let cors = Cors::default()
            .allowed_origin(&front_end)
            .allowed_methods(["GET", "POST"])
            .allowed_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
            .expose_headers([header::WWW_AUTHENTICATE]);
        App::new()
            .service(web::resource("/me").get(me).post(me))
            .wrap(RequireAuth::new(Policy::signed_in()))
            .wrap(ClerkMiddleware::new(clerk.clone()))
            // Last, and so outermost: answers preflight requests, which have no token, and makes error responses
            // readable.
            .wrap(cors)
    };
    HttpServer::new(app).listen(listener)?.run().await?;
    Ok(())
}

#[actix_web::main]
async fn main() -> ExitCode {
    example_site::init_logs();
    let Err(error) = run().await else { return ExitCode::SUCCESS };
    let _ = writeln!(std::io::stderr(), "error: {error}");
    ExitCode::FAILURE
}
