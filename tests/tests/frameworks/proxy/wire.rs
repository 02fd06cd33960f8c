//! A raw connection to the server under test.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Longer than any response takes.
const TIMEOUT: Duration = Duration::from_secs(20);

pub struct Wire {
    stream: TcpStream,
    received: Vec<u8>,
}

/// A parsed response; `bytes` and `body` are the body without chunk framing.
#[derive(Debug)]
pub struct WireResponse {
    pub status: u16,
    head: String,
    pub bytes: Vec<u8>,
    pub body: String,
}

impl WireResponse {
    pub fn all(&self, name: &str) -> Vec<&str> {
        let pairs = self.head.lines().filter_map(|line| line.split_once(':'));
        pairs.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).collect()
    }

    fn parse(received: &[u8]) -> Self {
        let end = received.windows(4).position(|window| window == b"\r\n\r\n").expect("a whole head");
        let head = String::from_utf8_lossy(&received[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let mut response = Self { status, head, bytes: received[end + 4..].to_vec(), body: String::new() };
        if response.all("transfer-encoding") == ["chunked"] && !response.bytes.is_empty() {
            response.bytes = dechunk(&response.bytes);
        }
        response.body = String::from_utf8_lossy(&response.bytes).into_owned();
        response
    }
}

fn dechunk(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n").expect("a chunk's length");
        let length = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
        if length == 0 {
            return body;
        }
        body.extend_from_slice(&rest[end + 2..end + 2 + length]);
        rest = &rest[end + 2 + length + 2..];
    }
}

/// Sends a whole request that asks to close the connection, and reads until it is closed.
pub async fn exchange(address: SocketAddr, request: &str) -> WireResponse {
    let mut wire = Wire::connect(address).await;
    wire.try_send(request).await;
    wire.read().await;
    WireResponse::parse(&wire.received)
}

impl Wire {
    pub async fn connect(address: SocketAddr) -> Self {
        Self { stream: TcpStream::connect(address).await.unwrap(), received: Vec::new() }
    }

    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.unwrap();
    }

    /// Sends as much as the server accepts within 2 s; a closed connection is not an error.
    pub async fn try_send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = tokio::time::timeout(Duration::from_secs(2), self.stream.write_all(bytes.as_ref())).await;
    }

    /// Reads until the connection is closed.
    async fn read(&mut self) {
        let read = async {
            let mut part = vec![0; 65_536];
            while let Ok(length) = self.stream.read(&mut part).await
                && length > 0
            {
                self.received.extend_from_slice(&part[..length]);
            }
        };
        tokio::time::timeout(TIMEOUT, read).await.expect("an end within 20 s");
    }

    pub async fn read_to_end(mut self) -> String {
        self.read().await;
        String::from_utf8_lossy(&self.received).into_owned()
    }

    /// Reads until this text has arrived.
    pub async fn until(&mut self, text: &str) {
        let read = async {
            let mut part = [0; 4096];
            while !String::from_utf8_lossy(&self.received).contains(text) {
                let length = self.stream.read(&mut part).await.unwrap();
                assert!(length > 0, "{}", String::from_utf8_lossy(&self.received));
                self.received.extend_from_slice(&part[..length]);
            }
        };
        tokio::time::timeout(TIMEOUT, read).await.unwrap_or_else(|_| panic!("no {text} within 20 s"));
    }

    /// Reads the beginning of a response, and leaves the rest to the socket.
    pub async fn is_ok(&mut self) -> bool {
        self.until("\r\n").await;
        self.received.starts_with(b"HTTP/1.1 200")
    }

    /// Reads a response whose body is an error of the proxy in JSON; the connection may stay open.
    pub async fn read_error(mut self) -> WireResponse {
        self.until("]}").await;
        WireResponse::parse(&self.received)
    }

    /// Sends a body and reads the whole response at the same time.
    pub async fn send_while_reading(self, body: &[u8], chunked: bool) -> WireResponse {
        let (mut reader, mut writer) = self.stream.into_split();
        let body = body.to_vec();
        let write = tokio::spawn(async move {
            for part in body.chunks(100_000) {
                if chunked {
                    writer.write_all(format!("{:x}\r\n", part.len()).as_bytes()).await.unwrap();
                }
                writer.write_all(part).await.unwrap();
                if chunked {
                    writer.write_all(b"\r\n").await.unwrap();
                }
            }
            if chunked {
                writer.write_all(b"0\r\n\r\n").await.unwrap();
            }
            writer
        });
        let mut received = Vec::new();
        tokio::time::timeout(TIMEOUT, reader.read_to_end(&mut received)).await.expect("an end within 20 s").unwrap();
        drop(write.await.unwrap());
        WireResponse::parse(&received)
    }
}
