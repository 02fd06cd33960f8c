//! The socket in plain hyper and tower; the response to the upgrade is written by hand.

use std::{convert::Infallible, time::Duration};

use bytes::Bytes;
use clerk_core::browser::websocket::{CLOSE_CODE, PROTOCOL, select_protocol};
use clerk_tower::{
    ClerkLayer, Headers, auth_state,
    clerk_core::{Authenticator, Clerk, Denied, FromAuth, Session},
    refusal,
};
use futures_util::{SinkExt, StreamExt};
use http::{Request, Response};
use http_body_util::Full;
use hyper::{body::Incoming, upgrade::OnUpgrade};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message,
        handshake::derive_accept_key,
        protocol::{CloseFrame, Role},
    },
};
use tower::Layer;

use super::{CHECK, renews};

async fn talk(clerk: Clerk, session: Session, upgrade: OnUpgrade) -> Option<()> {
    let io = TokioIo::new(upgrade.await.ok()?);
    let mut socket = WebSocketStream::from_raw_socket(io, Role::Server, None).await;
    let mut end = clerk.session_end(&session).checking_every(CHECK);
    socket.send(Message::text(session.user_id().as_str())).await.ok()?;
    let reason = loop {
        tokio::select! {
            reason = &mut end => break reason.as_str(),
            message = socket.next() => match message?.ok()? {
                Message::Text(token) if renews(&clerk, &mut end, &token).await => {
                    socket.send(Message::text("renewed")).await.ok()?;
                }
                Message::Text(_) => break "bad token",
                _ => {}
            },
        }
    };
    socket.close(Some(CloseFrame { code: CLOSE_CODE.into(), reason: reason.into() })).await.ok()?;
    // The client closes the connection once it has seen the frame.
    let _ = tokio::time::timeout(Duration::from_secs(5), socket.next()).await;
    Some(())
}

fn upgrade(clerk: &Clerk, mut request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Denied> {
    let session = Session::from_auth(auth_state(request.extensions())?)?;
    let headers = Headers(request.headers());
    let protocol = select_protocol(&headers.view(request.method(), request.uri()), &["chat.v1", PROTOCOL]);
    let accept = derive_accept_key(request.headers()["sec-websocket-key"].as_bytes());
    let response = Response::builder()
        .status(101)
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-accept", accept);
    let response = match protocol {
        Some(protocol) => response.header("sec-websocket-protocol", protocol),
        None => response,
    };
    tokio::spawn(talk(clerk.clone(), session, hyper::upgrade::on(&mut request)));
    Ok(response.body(Full::default()).unwrap())
}

pub fn serve(listener: std::net::TcpListener, clerk: Clerk, authenticator: Authenticator) {
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    let service = tower::service_fn(move |request: Request<Incoming>| {
        let response = upgrade(&clerk, request).unwrap_or_else(|denied| refusal(&denied));
        async move { Ok::<_, Infallible>(response) }
    });
    let service = ClerkLayer::new(authenticator).layer(service);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = TowerToHyperService::new(service.clone());
            let connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            tokio::spawn(connection.with_upgrades());
        }
    });
}
