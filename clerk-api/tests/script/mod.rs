//! A loopback server that answers what a script says, one connection per request, and a clock for those who wait.

#![allow(dead_code, reason = "several tests share it, and none needs all of it")]

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
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

/// What happens to one request.
#[derive(Clone)]
pub(crate) enum Reply {
    /// These bytes, and the end of the connection.
    Raw(Vec<u8>),
    /// Nothing, for ever.
    Silence,
    /// Zeros without end.
    Endless,
}

#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// `GET /v1/users?limit=1`
    pub(crate) line: String,
    pub(crate) head: String,
    pub(crate) body: String,
}

pub(crate) struct Script {
    pub(crate) client: Client,
    pub(crate) clock: Arc<JumpingClock>,
    seen: Arc<Mutex<Vec<Seen>>>,
    pub(crate) url: String,
}

pub(crate) fn json(status: u16, headers: &str, body: &str) -> Reply {
    let length = body.len();
    Reply::Raw(
        format!("HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}")
            .into_bytes(),
    )
}

impl Script {
    /// Answers with these in turn, and the last one again and again.
    pub(crate) async fn start(replies: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("works");
        let url = format!("http://{}", listener.local_addr().expect("works"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&seen);
        tokio::spawn(async move {
            let mut turn = 0;
            loop {
                let (mut stream, _) = listener.accept().await.expect("works");
                let reply = replies[turn.min(replies.len() - 1)].clone();
                turn += 1;
                let sink = Arc::clone(&sink);
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
                    sink.lock().expect("works").push(request);
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
        let clerk = Clerk::builder().secret_key(SECRET.parse().expect("works")).api_url(&url).expect("works");
        let client = Client::from_clerk(&clerk.clock(clock.clone()).build().expect("works"));
        Self { client, clock, seen, url }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("works").clone()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }
}

fn parse(bytes: &[u8]) -> Option<Seen> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let length =
        head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    let body = bytes.get(end + 4..end + 4 + length)?;
    let line = head.lines().next()?.trim_end_matches(" HTTP/1.1").to_owned();
    Some(Seen { line, head, body: String::from_utf8_lossy(body).into_owned() })
}

/// A clock on which short sleeps are over at once, and are counted; a try's time (10 s) never ends.
#[derive(Debug, Default)]
pub(crate) struct JumpingClock {
    ahead: AtomicI64,
    waits: Mutex<Vec<Duration>>,
}

impl JumpingClock {
    pub(crate) fn waits(&self) -> Vec<Duration> {
        self.waits.lock().expect("works").clone()
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
                self.waits.lock().expect("works").push(wait);
                self.ahead.fetch_add(i64::try_from(wait.as_millis()).expect("works"), Ordering::SeqCst);
            }
        })
    }
}
