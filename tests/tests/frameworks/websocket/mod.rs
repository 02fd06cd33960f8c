//! WebSockets over real connections in all three frameworks: which requests may open one, and when it is closed.

mod actix;
mod axum;
mod tower;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use clerk_core::{
    Authenticator, Clerk,
    browser::{
        SessionEnd,
        websocket::{CLOSE_CODE, TOKEN_PREFIX, token_protocol},
    },
    time::{ManualClock, Timestamp},
};
use clerk_local::{LocalClerk, TokenBuilder};
use clerk_tests::harness::{FRAMEWORKS, Framework};
use futures_util::{SinkExt, StreamExt};
use http::{Request, Response, header::HeaderName};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, handshake::client::generate_key},
};

/// The subprotocol that the server selected, or the status of its refusal.
type Selected<'a> = Result<Option<&'a str>, u16>;
/// Headers of an upgrade.
type Headers<'a> = Vec<(&'a str, &'a str)>;

const CHECK: Duration = Duration::from_secs(30);

/// Renews the session end with a token that the client has sent; whether that succeeded.
async fn renews(clerk: &Clerk, end: &mut SessionEnd, token: &str) -> bool {
    clerk.verify_session_token(token).await.is_ok_and(|session| end.renew(&session).is_ok())
}

fn serve(framework: Framework, clerk: &Clerk, authenticator: Authenticator) -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    match framework {
        Framework::Actix => actix::serve(listener, clerk.clone(), authenticator),
        Framework::Axum => axum::serve(listener, clerk.clone(), authenticator),
        Framework::Tower => tower::serve(listener, clerk.clone(), authenticator),
    }
    address
}

type Socket = WebSocketStream<TcpStream>;

/// Opens a socket with these headers; `Err` with status and headers if the server refuses.
async fn open(address: SocketAddr, headers: &[(&str, &str)]) -> Result<(Socket, Response<()>), Response<()>> {
    let mut request = Request::get("ws://app.test/ws")
        .header("host", "app.test")
        .header("connection", "Upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", generate_key())
        .body(())
        .unwrap();
    for (name, value) in headers {
        request.headers_mut().append(HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
    }
    let stream = TcpStream::connect(address).await.unwrap();
    match tokio::time::timeout(Duration::from_secs(10), client_async(request, stream))
        .await
        .expect("a response within 10 s")
    {
        Ok((socket, response)) => Ok((socket, response.map(drop))),
        Err(Error::Http(response)) => Err(response.map(drop)),
        Err(error) => panic!("{error}"),
    }
}

async fn next(socket: &mut Socket) -> Message {
    tokio::time::timeout(Duration::from_secs(10), socket.next()).await.expect("a message").unwrap().unwrap()
}

async fn expect_text(socket: &mut Socket, expected: &str) {
    assert_eq!(next(socket).await, Message::text(expected));
}

async fn expect_close(socket: &mut Socket, reason: &str) {
    let Message::Close(Some(frame)) = next(socket).await else { panic!("closed without a reason") };
    assert_eq!((u16::from(frame.code), frame.reason.as_str()), (CLOSE_CODE, reason));
}

/// Checks that no message arrives; each pong shows that the server had time to send one.
async fn expect_silence(socket: &mut Socket) {
    for _ in 0..3 {
        socket.send(Message::Ping("ping".into())).await.unwrap();
        socket.flush().await.unwrap();
        let message = next(socket).await;
        assert!(matches!(message, Message::Pong(_)), "{message:?}");
    }
}

struct Instance {
    local: LocalClerk,
    clerk: Clerk,
    clock: Arc<ManualClock>,
    user: String,
}

impl Instance {
    async fn start() -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::from_unix_seconds(1_768_478_400)));
        let local = LocalClerk::builder().clock(clock.clone()).start().await.unwrap();
        let clerk = local.clerk_builder().unwrap().build().unwrap();
        let user = local.user("alice").unwrap().id;
        Self { local, clerk, clock, user }
    }

    fn token(&self) -> TokenBuilder {
        self.local.token("alice").unwrap().session_id("sess_1")
    }
}

fn cookies(token: &str) -> String {
    format!("__session={token}; __client_uat=1; __clerk_db_jwt=dvb_1")
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_are_accepted_only_from_allowed_origins() {
    let instance = Instance::start().await;
    let good = cookies(&instance.token().mint());
    let expired = cookies(&instance.token().expired(Duration::from_secs(60)).mint());
    let own = "http://app.test";
    let allowed = "https://admin.app.test";
    let proxied = [("x-forwarded-proto", "wss"), ("x-forwarded-host", "public.test")];
    let rows: Vec<(&str, u16, Headers)> = vec![
        ("the server's own origin", 101, vec![("cookie", &good), ("origin", own)]),
        ("named in the configuration", 101, vec![("cookie", &good), ("origin", allowed)]),
        (
            "the public origin behind a proxy",
            101,
            [vec![("cookie", &*good), ("origin", "https://public.test")], proxied.into()].concat(),
        ),
        ("the server's own behind a proxy", 401, [vec![("cookie", &*good), ("origin", own)], proxied.into()].concat()),
        ("another host", 401, vec![("cookie", &good), ("origin", "https://evil.test")]),
        ("another scheme", 401, vec![("cookie", &good), ("origin", "https://app.test")]),
        ("another port", 401, vec![("cookie", &good), ("origin", "http://app.test:8080")]),
        ("a sandboxed page's", 401, vec![("cookie", &good), ("origin", "null")]),
        ("two origins", 401, vec![("cookie", &good), ("origin", own), ("origin", own)]),
        ("no origin", 401, vec![("cookie", &good)]),
        ("own origin, expired", 401, vec![("cookie", &expired), ("origin", own)]),
        ("own origin, no cookies", 401, vec![("origin", own)]),
    ];
    for framework in FRAMEWORKS {
        let plain = Authenticator::new(instance.clerk.clone()).websocket_origins([allowed]).unwrap();
        // The same result with settings that redirect pages.
        for authenticator in [plain.clone(), plain.websocket().pages().unwrap()] {
            let address = serve(framework, &instance.clerk, authenticator);
            for (name, status, headers) in &rows {
                let html = [headers.clone(), vec![("accept", "text/html")]].concat();
                for headers in [headers, &html] {
                    match open(address, headers).await {
                        Ok((mut socket, response)) => {
                            assert_eq!(response.status(), *status, "{name} in {framework:?}");
                            expect_text(&mut socket, &instance.user).await;
                        }
                        Err(response) => {
                            assert_eq!(response.status(), *status, "{name} in {framework:?}: {response:?}");
                            assert!(!response.headers().contains_key("location"), "{name} in {framework:?}");
                        }
                    }
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_may_be_a_subprotocol() {
    let instance = Instance::start().await;
    let good = instance.token().mint();
    let expired = token_protocol(&instance.token().expired(Duration::from_secs(60)).mint());
    let foreign = token_protocol(&instance.token().foreign_key().mint());
    let machine = token_protocol(&instance.local.m2m_token("mch_1").jwt());
    let key = token_protocol(&instance.local.api_key("user_1").create());
    let (bearer, cookies) = (format!("Bearer {good}"), cookies(&good));
    let good = token_protocol(&good);
    let (with, own) = ("sec-websocket-protocol", ("origin", "http://app.test"));
    let both = format!("clerk, {good}");
    let reversed = format!("{good}, clerk");
    let twice = format!("clerk, {good}, {good}");
    let evil = ("origin", "https://evil.test");
    let rows: Vec<(&str, Selected, Headers)> = vec![
        ("good", Ok(Some("clerk")), vec![(with, &both)]),
        ("good, in another order", Ok(Some("clerk")), vec![(with, &reversed)]),
        ("good, with the application's protocol", Ok(Some("chat.v1")), vec![(with, "chat.v1, clerk"), (with, &good)]),
        ("good, from another origin", Ok(Some("clerk")), vec![(with, &both), evil]),
        ("good, beside foreign cookies", Ok(Some("clerk")), vec![(with, &both), evil, ("cookie", "__session=x")]),
        ("two tokens", Err(401), vec![(with, &twice)]),
        ("two tokens, in two headers", Err(401), vec![(with, &both), (with, &good)]),
        ("two tokens, beside good cookies", Err(401), vec![(with, &twice), ("cookie", &cookies), own]),
        ("expired", Err(401), vec![(with, "clerk"), (with, &expired)]),
        ("expired, beside good cookies", Err(401), vec![(with, "clerk"), (with, &expired), ("cookie", &cookies), own]),
        ("foreign", Err(401), vec![(with, "clerk"), (with, &foreign)]),
        ("an M2M token", Err(401), vec![(with, "clerk"), (with, &machine)]),
        ("an API key", Err(401), vec![(with, "clerk"), (with, &key)]),
        ("empty", Err(401), vec![(with, "clerk"), (with, TOKEN_PREFIX)]),
        ("no token", Err(401), vec![(with, "clerk")]),
        ("in the header", Ok(None), vec![("authorization", &bearer)]),
        ("in the header, with a protocol", Ok(Some("clerk")), vec![("authorization", &bearer), (with, "clerk")]),
    ];
    for framework in FRAMEWORKS {
        let authenticator = Authenticator::new(instance.clerk.clone()).websocket();
        let address = serve(framework, &instance.clerk, authenticator);
        for (name, expected, headers) in &rows {
            let outcome = open(address, headers).await;
            let selected = outcome.as_ref().map(|(_, response)| response.headers().get(with));
            let selected = selected.map(|value| value.map(|value| value.to_str().unwrap()));
            let selected = selected.map_err(|response| response.status().as_u16());
            assert_eq!(selected, *expected, "{name} in {framework:?}");
            let response = outcome.as_ref().map_or_else(|response| response, |(_, response)| response);
            assert!(
                !format!("{:?}", response.headers()).contains("eyJ"),
                "{name} in {framework:?}: the response contains the token"
            );
            if let Ok((mut socket, _)) = outcome {
                expect_text(&mut socket, &instance.user).await;
            }
        }
        // Without `websocket()`, a token is an unknown subprotocol.
        let address = serve(framework, &instance.clerk, Authenticator::new(instance.clerk.clone()));
        assert_eq!(open(address, &[(with, &both)]).await.unwrap_err().status(), 401, "{framework:?}");
        assert!(open(address, &[(with, &both), ("cookie", &cookies), own]).await.is_ok(), "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_is_closed_when_its_token_has_expired() {
    for framework in FRAMEWORKS {
        let instance = Instance::start().await;
        let address = serve(framework, &instance.clerk, Authenticator::new(instance.clerk.clone()).websocket());
        let open = async || {
            let protocols = format!("clerk, {}", token_protocol(&instance.token().mint()));
            let (mut socket, _) = open(address, &[("sec-websocket-protocol", &protocols)]).await.unwrap();
            expect_text(&mut socket, &instance.user).await;
            socket
        };
        let (mut idle, mut renewed, mut invalid, mut other) = (open().await, open().await, open().await, open().await);
        instance.clock.advance(Duration::from_secs(50));
        expect_silence(&mut idle).await;
        let newer = instance.token().mint();
        renewed.send(Message::text(&newer)).await.unwrap();
        expect_text(&mut renewed, "renewed").await;
        invalid.send(Message::text("no token")).await.unwrap();
        expect_close(&mut invalid, "bad token").await;
        let other_session = instance.token().session_id("sess_2").mint();
        other.send(Message::text(other_session)).await.unwrap();
        expect_close(&mut other, "bad token").await;
        instance.clock.advance(Duration::from_secs(15));
        expect_close(&mut idle, "session token expired").await;
        expect_silence(&mut renewed).await;
        instance.clock.advance(Duration::from_secs(50));
        expect_close(&mut renewed, "session token expired").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_is_closed_when_its_session_has_ended() {
    for framework in FRAMEWORKS {
        let instance = Instance::start().await;
        let address = serve(framework, &instance.clerk, Authenticator::new(instance.clerk.clone()));
        let open = async |session_id| {
            let token = instance.token().session_id(session_id).lifetime(Duration::from_secs(3600)).mint();
            let (mut socket, _) = open(address, &[("authorization", &format!("Bearer {token}"))]).await.unwrap();
            expect_text(&mut socket, &instance.user).await;
            expect_silence(&mut socket).await;
            socket
        };
        let (mut notified, mut polling) = (open("sess_notified").await, open("sess_polling").await);
        instance.clerk.session_ended("sess_notified");
        expect_close(&mut notified, "session ended").await;
        instance.clock.advance(CHECK);
        expect_silence(&mut polling).await;
        // From here on it may close at any time, because an earlier check may still be running.
        instance.local.end_session("sess_polling");
        let closed = async {
            loop {
                // Repeated, because the server notices a change of the clock only while it sleeps.
                instance.clock.advance(CHECK);
                let message = tokio::time::timeout(Duration::from_millis(200), polling.next()).await;
                if let Ok(Some(Ok(Message::Close(frame)))) = message {
                    return frame.unwrap();
                }
            }
        };
        let frame = tokio::time::timeout(Duration::from_secs(10), closed).await.expect("closed");
        assert_eq!((u16::from(frame.code), frame.reason.as_str()), (CLOSE_CODE, "session ended"), "{framework:?}");
    }
}
