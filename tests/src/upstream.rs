//! An upstream server that records each request byte by byte, on a real socket.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

/// How the upstream handles a request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Reads the whole request and sends these bytes.
    Raw(Vec<u8>),
    /// Reads the whole request, sends these bytes and closes the connection.
    Broken(Vec<u8>),
    /// Sends each part of the body back as soon as it arrives.
    Echo,
    /// Sends one event at once, and a second one after the notification.
    Events(Arc<Notify>),
    /// Reads the whole request and never responds.
    Hangs,
    /// Does not read the body.
    NeverReads,
    /// Reads the whole request and closes the connection.
    Resets,
}

/// A recorded request.
#[derive(Debug, Clone, Default)]
pub struct Received {
    pub line: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Whether the whole body has arrived.
    pub complete: bool,
}

impl Received {
    /// All values of a header.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| &**value).collect()
    }
}

#[derive(Clone)]
pub struct Upstream {
    url: String,
    reply: Arc<Mutex<Reply>>,
    received: Arc<Mutex<Vec<Received>>>,
}

/// A response with these header lines and this body.
pub fn response(status: u16, headers: &str, body: &str) -> Reply {
    let length = body.len();
    Reply::Raw(format!("HTTP/1.1 {status} X\r\n{headers}content-length: {length}\r\n\r\n{body}").into_bytes())
}

impl Upstream {
    pub async fn start(reply: Reply) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let this = Self { url, reply: Arc::new(Mutex::new(reply)), received: Arc::default() };
        let server = this.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (server, mut connection) = (server.clone(), Connection { stream, buffer: Vec::new() });
                tokio::spawn(async move { while server.serve(&mut connection).await.is_some() {} });
            }
        });
        this
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn set_reply(&self, reply: Reply) {
        *self.reply.lock().unwrap() = reply;
    }

    /// Returns the requests since the last call.
    pub fn take_requests(&self) -> Vec<Received> {
        std::mem::take(&mut self.received.lock().unwrap())
    }

    /// Waits until the recorded requests satisfy this condition.
    pub async fn wait_until(&self, condition: impl Fn(&[Received]) -> bool) {
        let poll = async {
            while !condition(&self.received.lock().unwrap()) {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), poll).await.expect("the condition within 20 s");
    }
}

impl Upstream {
    /// Serves one request; `None` when the connection has ended.
    async fn serve(&self, connection: &mut Connection) -> Option<()> {
        let head = connection.read_until(b"\r\n\r\n").await?;
        let head = String::from_utf8_lossy(&head).into_owned();
        let mut lines = head.trim_end().split("\r\n");
        let line = lines.next()?.to_owned();
        let headers: Vec<_> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let request = Received { line, headers, ..Received::default() };
        let chunked = !request.all("transfer-encoding").is_empty();
        let mut length = request.all("content-length").first().map_or(0, |length| length.parse().unwrap());
        let index = {
            let mut received = self.received.lock().unwrap();
            received.push(request);
            received.len() - 1
        };
        let reply = self.reply.lock().unwrap().clone();
        if matches!(reply, Reply::NeverReads) {
            std::future::pending::<()>().await;
        }
        if matches!(reply, Reply::Echo) {
            connection.write(b"HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n").await?;
        }
        loop {
            if chunked {
                let line = connection.read_until(b"\r\n").await?;
                length = usize::from_str_radix(std::str::from_utf8(&line).ok()?.trim(), 16).ok()?;
            }
            let last = length == 0 || !chunked;
            while length > 0 {
                let part = connection.read_up_to(length).await?;
                length -= part.len();
                if matches!(reply, Reply::Echo) {
                    connection.write(format!("{:x}\r\n", part.len()).as_bytes()).await?;
                    connection.write(&part).await?;
                    connection.write(b"\r\n").await?;
                }
                if let Some(request) = self.received.lock().unwrap().get_mut(index) {
                    request.body.extend_from_slice(&part);
                }
            }
            if chunked {
                connection.read_until(b"\r\n").await?;
            }
            if last {
                break;
            }
        }
        if let Some(request) = self.received.lock().unwrap().get_mut(index) {
            request.complete = true;
        }
        match reply {
            Reply::Raw(bytes) => connection.write(&bytes).await,
            Reply::Broken(bytes) => {
                connection.write(&bytes).await?;
                None
            }
            Reply::Echo => connection.write(b"0\r\n\r\n").await,
            Reply::Events(more) => {
                let head = "HTTP/1.1 200 X\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
                connection.write(format!("{head}d\r\ndata: first\n\n\r\n").as_bytes()).await?;
                more.notified().await;
                connection.write(b"e\r\ndata: second\n\n\r\n0\r\n\r\n").await
            }
            Reply::Hangs | Reply::NeverReads => std::future::pending().await,
            Reply::Resets => None,
        }
    }
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn fill(&mut self) -> Option<()> {
        let mut part = [0; 16 * 1024];
        let length = self.stream.read(&mut part).await.ok().filter(|length| *length > 0)?;
        self.buffer.extend_from_slice(&part[..length]);
        Some(())
    }

    /// Reads up to and including this mark.
    async fn read_until(&mut self, mark: &[u8]) -> Option<Vec<u8>> {
        loop {
            if let Some(at) = self.buffer.windows(mark.len()).position(|window| window == mark) {
                return Some(self.buffer.drain(..at + mark.len()).collect());
            }
            self.fill().await?;
        }
    }

    /// Reads what is available, at most `length` bytes.
    async fn read_up_to(&mut self, length: usize) -> Option<Vec<u8>> {
        if self.buffer.is_empty() {
            self.fill().await?;
        }
        let length = length.min(self.buffer.len());
        Some(self.buffer.drain(..length).collect())
    }

    async fn write(&mut self, bytes: &[u8]) -> Option<()> {
        self.stream.write_all(bytes).await.ok()
    }
}
