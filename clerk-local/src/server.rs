//! The loopback listeners.

use std::{io, net::Ipv6Addr};

use axum::Router;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::error::StartError;

/// A server that ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) port: u16,
    tasks: Vec<JoinHandle<()>>,
}

impl Server {
    /// Serves on 127.0.0.1 and, where the machine has it, on `[::1]`: `localhost` may mean either.
    pub(crate) async fn start(port: u16, make_routes: impl FnOnce(u16) -> Router) -> Result<Self, StartError> {
        let failed = |error| StartError::port(port, error);
        let listener = TcpListener::bind(("127.0.0.1", port)).await.map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let routes = make_routes(port);
        let mut tasks = Vec::new();
        match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
            Ok(listener) => tasks.push(serve(listener, routes.clone())),
            // Somebody else would answer for us to whoever tries ::1 first.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(StartError::port(port, error)),
            Err(_) => {}
        }
        tasks.push(serve(listener, routes));
        Ok(Self { port, tasks })
    }
}

fn serve(listener: TcpListener, routes: Router) -> JoinHandle<()> {
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, routes).await {
            tracing::error!(target: "clerk_local", %error, "a listener ended");
        }
    })
}

impl Drop for Server {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}
