//! The socket in actix.

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use actix_ws::{CloseCode, CloseReason, Message, MessageStream};
use clerk_actix::{Auth, Authenticator, Clerk, ClerkMiddleware, Session};
use clerk_core::browser::websocket::{CLOSE_CODE, PROTOCOL};

use super::{CHECK, renews};

async fn talk(
    clerk: &Clerk,
    session: &Session,
    mut socket: actix_ws::Session,
    mut messages: MessageStream,
) -> Option<()> {
    let mut end = clerk.session_end(session).checking_every(CHECK);
    socket.text(session.user_id().as_str()).await.ok()?;
    let reason = loop {
        tokio::select! {
            reason = &mut end => break reason.as_str(),
            message = messages.recv() => match message?.ok()? {
                Message::Text(token) if renews(clerk, &mut end, &token).await => socket.text("renewed").await.ok()?,
                Message::Text(_) => break "bad token",
                Message::Ping(payload) => socket.pong(&payload).await.ok()?,
                _ => {}
            },
        }
    };
    let close = CloseReason { code: CloseCode::Other(CLOSE_CODE), description: Some(reason.to_owned()) };
    socket.close(Some(close)).await.ok()
}

async fn upgrade(
    clerk: web::Data<Clerk>,
    Auth(session): Auth<Session>,
    request: HttpRequest,
    body: web::Payload,
) -> actix_web::Result<HttpResponse> {
    let (response, socket, messages) = actix_ws::handle_with_protocols(&request, body, &["chat.v1", PROTOCOL])?;
    actix_web::rt::spawn(async move { talk(&clerk, &session, socket, messages).await });
    Ok(response)
}

pub fn serve(listener: std::net::TcpListener, clerk: Clerk, authenticator: Authenticator) {
    clerk_tests::actix_server::run(move || {
        let app = move || {
            App::new()
                .app_data(web::Data::new(clerk.clone()))
                .route("/ws", web::get().to(upgrade))
                .wrap(ClerkMiddleware::new(authenticator.clone()))
        };
        HttpServer::new(app).workers(2).disable_signals().listen(listener).unwrap().run()
    });
}
