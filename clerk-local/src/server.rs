//! The listeners, on loopback addresses by default.

use std::{
    io,
    net::{IpAddr, Ipv6Addr},
};

use axum::Router;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::error::StartError;

/// A server that stops when it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) port: u16,
    tasks: Vec<JoinHandle<()>>,
}

impl Server {
    /// Serves on this address; default: on 127.0.0.1 and, where the machine has it, on `[::1]`: `localhost` may mean
    /// either.
    pub(crate) async fn start(address: Option<IpAddr>, port: u16, routes: Router) -> Result<Self, StartError> {
        let failed = |error| StartError::port(port, error);
        // A port that the system has chosen may be free on only one of the two addresses: then try again.
        let tries = if port == 0 { 8 } else { 1 };
        let mut listeners = bind(address, port).await;
        for _ in 1..tries {
            if listeners.is_ok() {
                break;
            }
            listeners = bind(address, port).await;
        }
        let listeners = listeners.map_err(failed)?;
        let port = listeners[0].local_addr().map_err(failed)?.port();
        Ok(Self { port, tasks: listeners.into_iter().map(|listener| serve(listener, routes.clone())).collect() })
    }

    /// Stops, and returns when the port is free again.
    pub(crate) async fn stop(mut self) {
        for task in std::mem::take(&mut self.tasks) {
            task.abort();
            // The error says that the task was aborted, as intended.
            let _ = task.await;
        }
    }
}

async fn bind(address: Option<IpAddr>, port: u16) -> io::Result<Vec<TcpListener>> {
    if let Some(address) = address {
        return Ok(vec![TcpListener::bind((address, port)).await?]);
    }
    let ipv4 = TcpListener::bind(("127.0.0.1", port)).await?;
    match TcpListener::bind((Ipv6Addr::LOCALHOST, ipv4.local_addr()?.port())).await {
        Ok(ipv6) => Ok(vec![ipv4, ipv6]),
        // Otherwise another program would answer clients that try ::1 first.
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Err(error),
        Err(_) => Ok(vec![ipv4]),
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
