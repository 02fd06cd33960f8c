//! A sender of webhooks that sends exactly the bytes it is given.

use std::{net::SocketAddr, time::Duration};

use clerk_core::{WebhookSigningSecret, time::Timestamp};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// One delivery, as it goes over the wire.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub headers: Vec<(&'static str, String)>,
    pub body: Body,
}

#[derive(Debug, Clone)]
pub enum Body {
    Whole(String),
    /// Chunks; the last one that would say that the body ends is sent, or not.
    Chunked(Vec<String>, bool),
    /// A length that is declared, and nothing of the body.
    Declared(u64),
}

/// An answer, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub body: String,
}

impl Delivery {
    /// As Clerk sends it.
    pub fn signed(secret: &WebhookSigningSecret, id: &str, sent_at: Timestamp, body: &str) -> Self {
        let headers = vec![
            ("svix-id", id.to_owned()),
            ("svix-timestamp", sent_at.unix_seconds().to_string()),
            ("svix-signature", secret.sign(id, sent_at, body.as_bytes())),
        ];
        Self { headers, body: Body::Whole(body.to_owned()) }
    }

    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self
    }

    pub fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    /// The same under the names of Standard Webhooks.
    pub fn standard(mut self) -> Self {
        for (name, _) in &mut self.headers {
            *name = match *name {
                "svix-id" => "webhook-id",
                "svix-timestamp" => "webhook-timestamp",
                "svix-signature" => "webhook-signature",
                other => other,
            };
        }
        self
    }

    /// `None` when the connection ends without an answer.
    pub async fn send(&self, address: SocketAddr, path: &str) -> Option<Answer> {
        let request = self.request(path);
        let exchange = async {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            read(&mut stream).await
        };
        tokio::time::timeout(Duration::from_secs(20), exchange).await.expect("an answer within 20 s")
    }

    pub async fn answer(&self, address: SocketAddr) -> Answer {
        self.send(address, "/webhooks").await.expect("an answer")
    }

    /// Sends all of it but for this many bytes at its end, and keeps the connection.
    pub async fn begin(&self, address: SocketAddr, without: usize) -> TcpStream {
        let request = self.request("/webhooks");
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(&request.as_bytes()[..request.len() - without]).await.unwrap();
        stream
    }

    /// Sends its headers and then blanks without end, until there is an answer; says how many bytes went before it.
    pub async fn answer_to_endless(&self, address: SocketAddr) -> (usize, Option<Answer>) {
        const PART: usize = 64 * 1024;
        let head = self.clone().body(Body::Chunked(Vec::new(), false));
        let (mut reader, mut writer) = head.begin(address, 0).await.into_split();
        let chunk = [format!("{PART:x}\r\n").as_bytes(), &[b' '; PART], b"\r\n"].concat();
        let mut sent = 0;
        let answer = async {
            let sending = async {
                while writer.write_all(&chunk).await.is_ok() {
                    sent += PART;
                }
                // Refused to read more; the answer may still be on its way.
                std::future::pending().await
            };
            tokio::select! {
                answer = read(&mut reader) => answer,
                () = sending => None,
            }
        };
        let answer = tokio::time::timeout(Duration::from_secs(20), answer).await.expect("an end within 20 s");
        (sent, answer)
    }

    fn request(&self, path: &str) -> String {
        let mut request = format!("POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
        for (name, value) in &self.headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        match &self.body {
            Body::Whole(body) => request.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len())),
            Body::Declared(length) => request.push_str(&format!("content-length: {length}\r\n\r\n")),
            Body::Chunked(chunks, ends) => {
                request.push_str("transfer-encoding: chunked\r\n\r\n");
                for chunk in chunks {
                    request.push_str(&format!("{:x}\r\n{chunk}\r\n", chunk.len()));
                }
                if *ends {
                    request.push_str("0\r\n\r\n");
                }
            }
        }
        request
    }
}

/// The answer on a connection; `None` when it ends without one.
async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Answer> {
    let mut answer = Vec::new();
    // A server that did not read everything may reset the connection behind its answer, or wait for the rest.
    while !is_whole(&answer) && stream.read_buf(&mut answer).await.is_ok_and(|read| read > 0) {}
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Some(Answer { status, body: body.to_owned() })
}

/// Whether this is an answer of the length that it declares.
fn is_whole(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    length.is_some_and(|length| body.len() >= length)
}
