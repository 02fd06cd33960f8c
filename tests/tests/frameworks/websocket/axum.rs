//! The socket in axum.

use axum::{
    Router,
    extract::{
        WebSocketUpgrade,
        ws::{CloseFrame, Message, WebSocket},
    },
    routing::get,
};
use clerk_axum::{Auth, Authenticator, Clerk, ClerkLayer, Session};
use clerk_core::browser::websocket::{CLOSE_CODE, PROTOCOL};

use super::{CHECK, renews};

async fn talk(clerk: &Clerk, session: &Session, mut socket: WebSocket) -> Option<()> {
    let mut end = clerk.session_end(session).checking_every(CHECK);
    socket.send(Message::text(session.user_id().as_str())).await.ok()?;
    let reason = loop {
        tokio::select! {
            reason = &mut end => break reason.as_str(),
            message = socket.recv() => match message?.ok()? {
                Message::Text(token) if renews(clerk, &mut end, &token).await => {
                    socket.send(Message::text("renewed")).await.ok()?;
                }
                Message::Text(_) => break "bad token",
                _ => {}
            },
        }
    };
    let close = CloseFrame { code: CLOSE_CODE, reason: reason.into() };
    socket.send(Message::Close(Some(close))).await.ok()
}

pub fn serve(listener: std::net::TcpListener, clerk: Clerk, authenticator: Authenticator) {
    let upgrade = async move |Auth(session): Auth<Session>, upgrade: WebSocketUpgrade| {
        let clerk = clerk.clone();
        upgrade.protocols(["chat.v1", PROTOCOL]).on_upgrade(async move |socket| {
            let _ = talk(&clerk, &session, socket).await;
        })
    };
    let app = Router::new().route("/ws", get(upgrade)).layer(ClerkLayer::new(authenticator));
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
}
