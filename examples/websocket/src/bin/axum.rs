//! WebSockets protected by Clerk in axum: `cargo run -p example-websocket`.

use std::{error::Error, io::Write, process::ExitCode, sync::Arc};

use axum::{
    Router,
    extract::{
        State, WebSocketUpgrade,
        ws::{CloseFrame, Message, WebSocket},
    },
    response::{Html, Response},
    routing::get,
};
use clerk_axum::{Auth, Authenticator, ClerkLayer, Session};
use clerk_core::browser::websocket::{CLOSE_CODE, PROTOCOL};
use example_site::Site;
use example_websocket::{CHECK, Demo, MAX_MESSAGE, Reply, reply_to};

async fn page(State(demo): State<Arc<Demo>>, auth: Option<Auth<Session>>) -> Html<String> {
    Html(demo.page(auth.as_ref().map(|Auth(session)| session)))
}

async fn token(State(demo): State<Arc<Demo>>, Auth(session): Auth<Session>) -> String {
    demo.fresh_token(&session).unwrap_or_default()
}

/// Upgrades the connection. Responds with 401 instead if no user is signed in.
#[axum::debug_handler]
async fn upgrade(State(demo): State<Arc<Demo>>, Auth(session): Auth<Session>, upgrade: WebSocketUpgrade) -> Response {
    upgrade
        .max_message_size(MAX_MESSAGE)
        .protocols([PROTOCOL]) // never the one with the token
        .on_upgrade(async move |socket| {
            // An error means that the client is gone.
            let _ = run_socket(&demo, &session, socket).await;
        })
}

async fn run_socket(demo: &Demo, session: &Session, mut socket: WebSocket) -> Result<(), axum::Error> {
    let mut end = demo.clerk().session_end(session).checking_every(CHECK);
    socket.send(Message::text(format!("you are {}", session.user_id()))).await?;
    let reason = loop {
        tokio::select! {
            reason = &mut end => break reason.as_str(),
            message = socket.recv() => match message.transpose()? {
                Some(Message::Text(text)) => match reply_to(demo.clerk(), &mut end, &text).await {
                    Reply::Text(text) => socket.send(Message::text(text)).await?,
                    Reply::Close(reason) => break reason,
                },
                Some(_) => {}
                None => return Ok(()),
            },
        }
    };
    socket.send(Message::Close(Some(CloseFrame { code: CLOSE_CODE, reason: reason.into() }))).await
}

fn app(demo: Arc<Demo>) -> Result<Router, Box<dyn Error>> {
    let clerk = demo.clerk();
    let pages = Router::new().route("/", get(page)).layer(ClerkLayer::pages(clerk.clone())?);
    let api = Router::new().route("/token", get(token)).layer(ClerkLayer::new(clerk.clone()));
    // Accepts cookies only from the app's own origin, and tokens as a subprotocol.
    let sockets = ClerkLayer::new(Authenticator::new(clerk.clone()).websocket());
    let sockets = Router::new().route("/ws", get(upgrade)).layer(sockets);
    Ok(pages.merge(api).merge(sockets).with_state(demo))
}

async fn run() -> Result<(), Box<dyn Error>> {
    let port = Site::port()?;
    let listener = tokio::net::TcpListener::from_std(Site::listen(port)?)?;
    let demo = Arc::new(Demo::start(port).await?);
    write!(std::io::stdout(), "{}", demo.instructions()?)?;
    axum::serve(listener, app(demo)?).await?;
    Ok(())
}

#[tokio::main]
async fn main() -> ExitCode {
    example_site::init_logs();
    let Err(error) = run().await else { return ExitCode::SUCCESS };
    let _ = writeln!(std::io::stderr(), "error: {error}");
    ExitCode::FAILURE
}
