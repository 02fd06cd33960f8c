//! An HTTP endpoint whose behaviour can be changed while it runs, on a real socket.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};

/// How the endpoint handles a request.
#[derive(Debug, Clone)]
pub enum Behaviour {
    /// Responds with this status, these extra header lines and this body.
    Respond(u16, String, String),
    /// Waits for a permit, then responds with this status and this body.
    Held(Arc<Semaphore>, u16, String),
    /// Responds with a body of this many bytes.
    Endless(usize),
    /// Never responds, and keeps the connection open.
    Hangs,
    /// Closes the connection without a response.
    Resets,
    /// Sends a good response one byte at a time, and never finishes.
    Drips,
}

/// An endpoint that counts its requests.
#[derive(Clone)]
pub struct Switch {
    url: String,
    requests: Arc<AtomicUsize>,
    behaviour: Arc<Mutex<Behaviour>>,
}

impl Behaviour {
    pub fn good(jwks: &str) -> Self {
        Self::Respond(200, String::new(), jwks.to_owned())
    }

    pub fn status(status: u16) -> Self {
        Self::Respond(status, String::new(), r#"{"errors":[]}"#.to_owned())
    }

    pub fn with_header(status: u16, header: &str) -> Self {
        Self::Respond(status, format!("{header}\r\n"), r#"{"errors":[]}"#.to_owned())
    }
}

fn response(status: u16, headers: &str, body: &str) -> String {
    let head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-type: application/json\r\n");
    format!("{head}{headers}content-length: {}\r\n\r\n{body}", body.len())
}

impl Switch {
    pub async fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let this = Self { url, requests: Arc::default(), behaviour: Arc::new(Mutex::new(behaviour)) };
        let server = this.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = server.clone();
                tokio::spawn(async move { server.serve(stream).await });
            }
        });
        this
    }

    async fn serve(&self, mut stream: TcpStream) -> Option<()> {
        let _ = stream.read(&mut [0; 4096]).await;
        self.requests.fetch_add(1, Ordering::SeqCst);
        let behaviour = self.behaviour.lock().unwrap().clone();
        match behaviour {
            Behaviour::Respond(status, headers, body) => {
                stream.write_all(response(status, &headers, &body).as_bytes()).await.ok()
            }
            Behaviour::Held(permits, status, body) => {
                permits.acquire().await.unwrap().forget();
                stream.write_all(response(status, "", &body).as_bytes()).await.ok()
            }
            Behaviour::Endless(length) => {
                let head = format!("HTTP/1.1 200 X\r\ncontent-length: {length}\r\n\r\n{{\"keys\":[],\"x\":\"");
                stream.write_all(head.as_bytes()).await.ok()?;
                for _ in 0..length / 65_536 {
                    stream.write_all(&[b'x'; 65_536]).await.ok()?;
                }
                Some(())
            }
            Behaviour::Hangs => std::future::pending().await,
            Behaviour::Resets => None,
            Behaviour::Drips => {
                stream.write_all(b"HTTP/1.1 200 X\r\ncontent-length: 1000000\r\n\r\n").await.ok()?;
                let mut interval = tokio::time::interval(Duration::from_millis(20));
                loop {
                    interval.tick().await;
                    stream.write_all(b" ").await.ok()?;
                }
            }
        }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn set_behaviour(&self, behaviour: Behaviour) {
        *self.behaviour.lock().unwrap() = behaviour;
    }

    /// Returns the number of requests since the last call.
    pub fn take_requests(&self) -> usize {
        self.requests.swap(0, Ordering::SeqCst)
    }

    /// Waits until a request has arrived since the last [`Switch::take_requests`].
    pub async fn wait_for_request(&self) {
        tokio::time::timeout(Duration::from_secs(10), async {
            while self.requests.load(Ordering::SeqCst) == 0 {
                tokio::task::yield_now().await;
            }
        })
        .await
        .expect("a request");
    }
}
