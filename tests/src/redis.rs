//! A real Redis server, if `redis-server` is installed.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
};

/// A server without persistence; it is killed on drop.
pub struct Redis {
    port: u16,
    server: Option<Child>,
}

impl Redis {
    /// Starts a server on a free port; prints a note and returns `None` if `redis-server` is not installed.
    pub fn start() -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut this = Self { port, server: None };
        if Command::new("redis-server").arg("--version").stdout(Stdio::null()).status().is_err() {
            println!("skipped: redis-server is not installed");
            return None;
        }
        this.restart();
        Some(this)
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Starts it again, on the same port and without its data.
    pub fn restart(&mut self) {
        self.kill();
        let mut command = Command::new("redis-server");
        command.args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port", &self.port.to_string()]);
        self.server = Some(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    }

    /// Kills it without a shutdown, as a power failure does.
    pub fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.kill().unwrap();
            server.wait().unwrap();
        }
    }

    /// Suspends it while its connections stay open, or resumes it.
    pub fn suspend(&self, suspended: bool) {
        let id = self.server.as_ref().expect("a running server").id().to_string();
        let signal = if suspended { "-STOP" } else { "-CONT" };
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}
