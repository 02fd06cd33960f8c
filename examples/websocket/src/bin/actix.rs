//! WebSockets protected by Clerk in actix: `cargo run -p example-websocket --bin actix`.

use std::{error::Error, io::Write, process::ExitCode};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, http::header::ContentType, rt, web};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseCode, CloseReason, Closed};
use clerk_actix::{Auth, Authenticator, ClerkMiddleware, MaybeAuth, Session};
use clerk_core::browser::websocket::{CLOSE_CODE, PROTOCOL};
use example_site::Site;
use example_websocket::{CHECK, Demo, MAX_MESSAGE, Reply, reply_to};

async fn page(demo: web::Data<Demo>, MaybeAuth(session): MaybeAuth<Session>) -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::html()).body(demo.page(session.as_ref()))
}

async fn token(demo: web::Data<Demo>, Auth(session): Auth<Session>) -> String {
    demo.fresh_token(&session).unwrap_or_default()
}

/// Upgrades the connection. Responds with 401 instead if no user is signed in.
async fn upgrade(
    demo: web::Data<Demo>,
    Auth(session): Auth<Session>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, actix_web::Error> {
    // Selects the app's subprotocol, never the one with the token.
    let (response, socket, messages) = actix_ws::handle_with_protocols(&request, body, &[PROTOCOL])?;
    let messages = messages.max_frame_size(MAX_MESSAGE).aggregate_continuations().max_continuation_size(MAX_MESSAGE);
    rt::spawn(async move {
        // An error means that the client is gone.
        let _ = run_socket(&demo, &session, socket, messages).await;
    });
    Ok(response)
}

async fn run_socket(
    demo: &Demo,
    session: &Session,
    mut socket: actix_ws::Session,
    mut messages: AggregatedMessageStream,
) -> Result<(), Closed> {
    let mut end = demo.clerk().session_end(session).checking_every(CHECK);
    socket.text(format!("you are {}", session.user_id())).await?;
    let reason = loop {
        tokio::select! {
            reason = &mut end => break reason.as_str(),
            message = messages.recv() => match message {
                Some(Ok(AggregatedMessage::Text(text))) => match reply_to(demo.clerk(), &mut end, &text).await {
                    Reply::Text(text) => socket.text(text).await?,
                    Reply::Close(reason) => break reason,
                },
                Some(Ok(AggregatedMessage::Ping(payload))) => socket.pong(&payload).await?,
                Some(Ok(AggregatedMessage::Close(_)) | Err(_)) | None => return socket.close(None).await,
                Some(Ok(_)) => {}
            },
        }
    };
    socket.close(Some(CloseReason { code: CloseCode::Other(CLOSE_CODE), description: Some(reason.to_owned()) })).await
}

async fn run() -> Result<(), Box<dyn Error>> {
    let port = Site::port()?;
    let listener = Site::listen(port)?;
    let demo = web::Data::new(Demo::start(port).await?);
    write!(std::io::stdout(), "{}", demo.instructions()?)?;
    let clerk = demo.clerk();
    let (pages, api) = (ClerkMiddleware::pages(clerk.clone())?, ClerkMiddleware::new(clerk.clone()));
    // Accepts cookies only from the app's own origin, and tokens as a subprotocol.
    let sockets = ClerkMiddleware::new(Authenticator::new(clerk.clone()).websocket());
    let app = move || {
        App::new()
            .app_data(demo.clone())
            .service(web::resource("/ws").wrap(sockets.clone()).get(upgrade))
            .service(web::resource("/token").wrap(api.clone()).get(token))
            .service(web::resource("/").wrap(pages.clone()).get(page))
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
