//! A server that passes each request on to another one, after a wait.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{TcpListener, TcpStream},
    time::sleep,
};

/// Starts the server; returns its URL. What a client sends reaches `target` this much later.
pub async fn start(target: &str, wait: Duration) -> String {
    let target: SocketAddr = target.strip_prefix("http://").unwrap().replace("localhost", "127.0.0.1").parse().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(pass_on(client, target, wait));
        }
    });
    url
}

async fn pass_on(client: TcpStream, target: SocketAddr, wait: Duration) -> std::io::Result<()> {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_target, mut to_target) = TcpStream::connect(target).await?.into_split();
    tokio::spawn(async move { copy(&mut from_target, &mut to_client).await });
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let mut length = from_client.read(&mut bytes).await?;
        if length == 0 {
            return to_target.shutdown().await;
        }
        sleep(wait).await;
        // The rest of a request that came in several parts does not wait again.
        while let Ok(more @ 1..) = from_client.try_read(&mut bytes[length..]) {
            length += more;
        }
        to_target.write_all(&bytes[..length]).await?;
    }
}
