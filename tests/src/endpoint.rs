//! JWKS endpoints that misbehave, on real sockets.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// A server that gives every request the same bytes, or none ever.
pub struct Endpoint {
    pub address: SocketAddr,
    requests: Arc<AtomicUsize>,
}

impl Endpoint {
    /// Answers with these raw bytes; `None` accepts and then says nothing.
    pub async fn start(answer: Option<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (answer, counter) = (answer.clone(), Arc::clone(&counter));
                tokio::spawn(async move {
                    let _ = stream.read(&mut [0; 4096]).await;
                    counter.fetch_add(1, Ordering::SeqCst);
                    match answer {
                        Some(answer) => drop(stream.write_all(answer.as_bytes()).await),
                        None => std::future::pending().await,
                    }
                });
            }
        });
        Self { address, requests }
    }

    /// A 200 with this body.
    pub async fn json(body: &str) -> Self {
        let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json";
        Self::start(Some(format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len()))).await
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

/// A URL where nobody listens.
pub async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}
