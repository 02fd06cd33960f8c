//! Page "WebSockets, gRPC, MCP".

use std::time::Duration;

use tokio_tungstenite::tungstenite::{Message as Frame, client::IntoClientRequest as _};

use crate::running::{Outcome, Running};

// ANCHOR: socket
use axum::{
    Router,
    extract::{
        State, WebSocketUpgrade,
        ws::{CloseFrame, Message, WebSocket},
    },
    response::Response,
    routing::get,
};
use clerk_axum::{
    Auth, Authenticator, Clerk, ClerkLayer, Session,
    clerk_core::browser::websocket::{CLOSE_CODE, PROTOCOL},
};

/// 401 without a session. The connection is opened only for a signed-in user.
async fn upgrade(State(clerk): State<Clerk>, Auth(session): Auth<Session>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.protocols([PROTOCOL]).on_upgrade(async move |socket| {
        let _ = talk(&clerk, &session, socket).await; // an error means that the client is gone
    })
}

async fn talk(clerk: &Clerk, session: &Session, mut socket: WebSocket) -> Result<(), axum::Error> {
    let mut end = clerk.session_end(session).checking_every(Duration::from_secs(60));
    socket.send(Message::text(format!("you are {}", session.user_id()))).await?;
    let reason = loop {
        tokio::select! {
            reason = &mut end => break reason.as_str(),
            message = socket.recv() => match message.transpose()? {
                // The page sends a fresh token each 50 s, so that the connection outlives the first one.
                Some(Message::Text(token)) => match clerk.verify_session_token(&token).await {
                    Ok(newer) if end.renew(&newer).is_ok() => {}
                    _ => break "bad token",
                },
                Some(_) => {}
                None => return Ok(()),
            },
        }
    };
    socket.send(Message::Close(Some(CloseFrame { code: CLOSE_CODE, reason: reason.into() }))).await
}

fn app(clerk: Clerk) -> Router {
    let sockets = ClerkLayer::new(Authenticator::new(clerk.clone()).websocket());
    Router::new().route("/ws", get(upgrade)).layer(sockets).with_state(clerk)
}
// ANCHOR_END: socket

type Socket = tokio_tungstenite::WebSocketStream<tokio::net::TcpStream>;

/// Opens a socket with these subprotocols, as a script does.
async fn open(running: &Running, protocols: &str) -> Outcome<Socket> {
    let address = running.app.listener()?.local_addr()?;
    let mut request = format!("ws://localhost:{}/ws", address.port()).into_client_request()?;
    request.headers_mut().insert("origin", running.app.origin().parse()?);
    request.headers_mut().insert("sec-websocket-protocol", protocols.parse()?);
    let stream = tokio::net::TcpStream::connect(address).await?;
    Ok(tokio_tungstenite::client_async(request, stream).await?.0)
}

async fn receive(socket: &mut Socket) -> Outcome<Frame> {
    use std::{future::poll_fn, pin::Pin};
    let next = poll_fn(|context| futures_core::Stream::poll_next(Pin::new(&mut *socket), context)).await;
    Ok(next.ok_or("the connection is closed")??)
}

#[tokio::test]
async fn a_socket_closes_when_its_token_expires() -> Outcome {
    let running = Running::start(app).await?;
    assert!(open(&running, PROTOCOL).await.is_err(), "401 without a token");
    let token = running.token("alice")?;
    let mut socket = open(&running, &format!("{PROTOCOL}, clerk.token.{token}")).await?;
    assert!(receive(&mut socket).await?.to_text()?.starts_with("you are user_"));
    running.local.advance(Duration::from_secs(70));
    let Frame::Close(Some(close)) = receive(&mut socket).await? else { return Err("no close frame".into()) };
    assert_eq!((u16::from(close.code), close.reason.as_str()), (CLOSE_CODE, "session token expired"));
    Ok(())
}
