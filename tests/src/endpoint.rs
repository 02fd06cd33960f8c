//! An HTTP endpoint with one fixed response, on a real socket.

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

/// A server that sends the same bytes to every request, or never responds.
pub struct Endpoint {
    pub address: SocketAddr,
    requests: Arc<AtomicUsize>,
}

impl Endpoint {
    /// Sends these raw bytes; with `None` it accepts connections and never responds.
    pub async fn start(response: Option<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (response, counter) = (response.clone(), Arc::clone(&counter));
                tokio::spawn(async move {
                    let _ = stream.read(&mut [0; 4096]).await;
                    counter.fetch_add(1, Ordering::SeqCst);
                    match response {
                        Some(response) => drop(stream.write_all(response.as_bytes()).await),
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

/// A URL on a port where no server listens.
pub async fn unused_url() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}
