//! A sender of webhooks that sends exactly the given bytes.

use std::{net::SocketAddr, time::Duration};

use clerk_core::time::Timestamp;
use clerk_webhook::WebhookSigningSecret;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// One webhook request.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub headers: Vec<(&'static str, String)>,
    pub body: Body,
}

#[derive(Debug, Clone)]
pub enum Body {
    Whole(String),
    /// Chunks, with the final empty chunk (`true`) or without it.
    Chunked(Vec<String>, bool),
    /// A `Content-Length`, and no body.
    Declared(u64),
}

/// The server's response to a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookResponse {
    pub status: u16,
    pub body: String,
}

impl Delivery {
    /// Signed in the way Clerk signs it.
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

    /// The same delivery with the header names of Standard Webhooks.
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

    /// Sends it to this path; `None` if the connection ends without a response.
    pub async fn send(&self, address: SocketAddr, path: &str) -> Option<WebhookResponse> {
        let request = self.request(path);
        let exchange = async {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            read_response(&mut stream).await
        };
        tokio::time::timeout(Duration::from_secs(20), exchange).await.expect("a response within 20 s")
    }

    /// Sends it to `/webhooks`.
    pub async fn deliver(&self, address: SocketAddr) -> WebhookResponse {
        self.send(address, "/webhooks").await.expect("a response")
    }

    /// Sends all but the last `without` bytes, and keeps the connection open.
    pub async fn begin(&self, address: SocketAddr, without: usize) -> TcpStream {
        let request = self.request("/webhooks");
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(&request.as_bytes()[..request.len() - without]).await.unwrap();
        stream
    }

    /// Sends the headers and an endless body until the server responds; returns the number of bytes sent before that.
    pub async fn deliver_endless(&self, address: SocketAddr) -> (usize, Option<WebhookResponse>) {
        const PART: usize = 64 * 1024;
        let head = self.clone().body(Body::Chunked(Vec::new(), false));
        let (mut reader, mut writer) = head.begin(address, 0).await.into_split();
        let chunk = [format!("{PART:x}\r\n").as_bytes(), &[b' '; PART], b"\r\n"].concat();
        let mut sent = 0;
        let response = async {
            let sending = async {
                while writer.write_all(&chunk).await.is_ok() {
                    sent += PART;
                }
                // The server reads no more; its response may still be on the way.
                std::future::pending().await
            };
            tokio::select! {
                response = read_response(&mut reader) => response,
                () = sending => None,
            }
        };
        let response = tokio::time::timeout(Duration::from_secs(20), response).await.expect("an end within 20 s");
        (sent, response)
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

/// Reads the response; `None` if the connection ends without one.
async fn read_response(stream: &mut (impl AsyncRead + Unpin)) -> Option<WebhookResponse> {
    let mut response = Vec::new();
    // A server that did not read the whole request may reset the connection after its response, or wait for the rest.
    while !is_complete(&response) && stream.read_buf(&mut response).await.is_ok_and(|read| read > 0) {}
    let response = String::from_utf8(response).unwrap();
    let (head, body) = response.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Some(WebhookResponse { status, body: body.to_owned() })
}

/// Whether the response has as many bytes as its `Content-Length` says.
fn is_complete(response: &[u8]) -> bool {
    let text = String::from_utf8_lossy(response).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    length.is_some_and(|length| body.len() >= length)
}
