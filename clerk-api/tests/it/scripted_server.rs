//! A loopback server that sends scripted replies, one connection per request, and a clock that skips waits.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use clerk_api::Client;
use clerk_core::{
    Clerk,
    time::{Clock, Sleep, Timestamp},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

pub(crate) const SECRET: &str = "sk_test_s3cr3tOfTheScript";
const NOW: i64 = 784_111_777_000; // Sun, 06 Nov 1994 08:49:37 GMT

/// The server's reaction to one request.
#[derive(Clone)]
pub(crate) enum Reply {
    /// Sends these bytes and closes the connection.
    Raw(Vec<u8>),
    /// Never replies.
    Silence,
    /// Sends a body without end.
    Endless,
}

#[derive(Debug, Clone)]
pub(crate) struct RecordedRequest {
    /// `GET /v1/users?limit=1`
    pub(crate) line: String,
    pub(crate) head: String,
    pub(crate) body: String,
}

pub(crate) struct ScriptedServer {
    pub(crate) client: Client,
    pub(crate) clock: Arc<JumpingClock>,
    requests: Arc<Mutex<Vec<RecordedRequest>>>,
    pub(crate) url: String,
}

pub(crate) fn json(status: u16, headers: &str, body: &str) -> Reply {
    let length = body.len();
    Reply::Raw(
        format!("HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}")
            .into_bytes(),
    )
}

impl ScriptedServer {
    /// Sends these replies in turn, then repeats the last one.
    pub(crate) async fn start(replies: Vec<Reply>) -> Self {
        let count = AtomicUsize::new(0);
        Self::with(move |_| replies[count.fetch_add(1, Ordering::SeqCst).min(replies.len() - 1)].clone()).await
    }

    /// Sends what the function returns for each request.
    pub(crate) async fn with(reply: impl Fn(&RecordedRequest) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (recorded, reply) = (Arc::clone(&requests), Arc::new(reply));
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.expect("a connection");
                let (recorded, reply) = (Arc::clone(&recorded), Arc::clone(&reply));
                tokio::spawn(async move {
                    let mut bytes = Vec::new();
                    let request = loop {
                        let mut chunk = [0; 4096];
                        let count = stream.read(&mut chunk).await.unwrap_or(0);
                        bytes.extend_from_slice(&chunk[..count]);
                        if let Some(request) = parse(&bytes) {
                            break request;
                        }
                        if count == 0 {
                            return;
                        }
                    };
                    let reply = reply(&request);
                    recorded.lock().expect("not poisoned").push(request);
                    match reply {
                        Reply::Raw(bytes) => drop(stream.write_all(&bytes).await),
                        Reply::Silence => std::future::pending().await,
                        Reply::Endless => {
                            let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n";
                            drop(stream.write_all(head).await);
                            while stream.write_all(&[b' '; 65536]).await.is_ok() {}
                        }
                    }
                });
            }
        });
        let clock = Arc::new(JumpingClock::default());
        let clerk =
            Clerk::builder().secret_key(SECRET.parse().expect("a valid key")).api_url(&url).expect("a valid URL");
        let client = Client::from_clerk(&clerk.clock(clock.clone()).build().expect("a valid configuration"));
        Self { client, clock, requests, url }
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.requests.lock().expect("not poisoned").clone()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.requests().into_iter().map(|request| request.line).collect()
    }
}

fn parse(bytes: &[u8]) -> Option<RecordedRequest> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let length =
        head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    let body = bytes.get(end + 4..end + 4 + length)?;
    let line = head.lines().next()?.trim_end_matches(" HTTP/1.1").to_owned();
    Some(RecordedRequest { line, head, body: String::from_utf8_lossy(body).into_owned() })
}

/// A clock that records and skips sleeps below 9.5 s. Longer ones, such as a try's timeout of 10 s, never end.
#[derive(Debug, Default)]
pub(crate) struct JumpingClock {
    ahead: AtomicI64,
    waits: Mutex<Vec<Duration>>,
}

impl JumpingClock {
    pub(crate) fn waits(&self) -> Vec<Duration> {
        self.waits.lock().expect("not poisoned").clone()
    }
}

impl Clock for JumpingClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(NOW + self.ahead.load(Ordering::SeqCst))
    }

    fn sleep_until(&self, at: Timestamp) -> Sleep<'_> {
        Box::pin(async move {
            let wait = at.since(self.now());
            if wait >= Duration::from_millis(9_500) {
                std::future::pending::<()>().await;
            }
            if !wait.is_zero() {
                self.waits.lock().expect("not poisoned").push(wait);
                self.ahead.fetch_add(i64::try_from(wait.as_millis()).expect("a short wait"), Ordering::SeqCst);
            }
        })
    }
}
